# packer build -var root=/mnt/image hyperv-net.pkr.hcl
#
# The provisioner is what matters: put it into the build of a chroot builder, or, as a
# `post-processor "shell-local"`, behind a build whose disk it mounts.

variable "root" {
  type        = string
  description = "The image: a directory that stands for its /."
}

source "null" "mounted" {
  communicator = "none"
}

build {
  sources = ["source.null.mounted"]

  provisioner "shell-local" {
    script           = "${path.root}/bake.sh"
    environment_vars = ["ROOT=${var.root}"]
  }
}
