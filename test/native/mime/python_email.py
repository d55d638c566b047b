"""Prints what Python's email package reads in messages: for each line of hexadecimal digits on standard input one of JSON."""
import json
import sys
from email import message_from_bytes


def parts(message, depth=0):
    nested = message.get_content_type() == "message/rfc822"
    yield {
        "depth": depth,
        "type": message.get_content_type(),
        "filename": message.get_filename() or "",
        "octets": "" if message.is_multipart() else message.get_payload(decode=True).hex(),
    }
    if message.is_multipart() or nested:
        for part in message.get_payload():
            yield from parts(part, depth + 1)


for line in sys.stdin:
    print(json.dumps(list(parts(message_from_bytes(bytes.fromhex(line))))))
