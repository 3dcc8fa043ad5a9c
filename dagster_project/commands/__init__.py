"""What each verb of the `outcomes` command takes, and what it answers."""
