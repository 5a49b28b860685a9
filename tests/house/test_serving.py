"""Starting the platform where something answers already."""

import socket

import pytest
from django.core.management import CommandError, call_command


def test_a_taken_port_is_refused_in_plain_words():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"{port} 已有程序在用"):
            call_command("serve", "--port", str(port))
