"""What tests stand on: made-up files, rows and homes, methods stated plainly, loopback servers."""
