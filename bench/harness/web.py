"""Single requests, for setting up and for what wrk cannot ask."""
import http.client
import json
import time


class Answer:
    def __init__(self, status, body, seconds):
        self.status = status
        self.body = body
        self.seconds = seconds

    def json(self):
        return json.loads(self.body)


def ask(port, path, method="GET", body=None, timeout_s=60, headers=None):
    """One request on a connection of its own; status 0 when nobody answered."""
    started = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)
    try:
        content = json.dumps(body) if body is not None else None
        sent = dict(headers or {})
        if content is not None:
            sent["Content-Type"] = "application/json"
        connection.request(method, path, content, sent)
        response = connection.getresponse()
        return Answer(response.status, response.read(), time.monotonic() - started)
    except (OSError, http.client.HTTPException):
        return Answer(0, b"", time.monotonic() - started)
    finally:
        connection.close()
