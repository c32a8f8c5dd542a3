"""The datasource extension inside real cloud-inits, as Debian ships them."""
