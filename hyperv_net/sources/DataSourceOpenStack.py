"""The extended datasource OpenStack; the file bears the name of the stock one."""  # noqa: N999

from hyperv_net.sources import extend

get_datasource_list = extend(__name__)
