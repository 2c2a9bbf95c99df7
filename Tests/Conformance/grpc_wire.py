"""HTTP/2 by hand, for what no gRPC library would send."""

import socket
import struct

import h2.config
import h2.connection
import h2.events
import h2.exceptions


def framed(data, compressed=0):
    """A message with gRPC's prefix."""
    return struct.pack(">BI", compressed, len(data)) + data


class Wire:
    """One connection; what it gets back for each stream."""

    def __init__(self, address, settings=None):
        host, port = address.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), timeout=30)
        self.http = h2.connection.H2Connection(h2.config.H2Configuration(
            validate_outbound_headers=False, normalize_outbound_headers=False))
        self.http.initiate_connection()
        if settings:
            self.http.update_settings(settings)
        self.flush()
        self.headers, self.body, self.reset, self.ended = {}, {}, {}, set()
        self.closed = False

    def flush(self):
        self.socket.sendall(self.http.data_to_send())

    def open(self, path="/depin.verifier.v1.Verifier/Verify", more=(), without=(), ended=False):
        """Sends the headers of a call; its stream's number."""
        stream = self.http.get_next_available_stream_id()
        headers = [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "x"),
                   ("te", "trailers"), ("content-type", "application/grpc")]
        replaced = {name for name, _ in more if name.startswith(":") or name == "content-type"}
        headers = [pair for pair in headers if pair[0] not in {*without, *replaced}]
        fronted = [pair for pair in more if pair[0].startswith(":")]
        rest = [pair for pair in more if not pair[0].startswith(":")]
        self.http.send_headers(stream, [*fronted, *headers, *rest], end_stream=ended)
        self.flush()
        return stream

    def send(self, stream, data, ended=False):
        while data or ended:
            room = min(self.http.local_flow_control_window(stream),
                       self.http.max_outbound_frame_size)
            if data and room == 0:
                self.read()
                continue
            part, data = data[:room], data[room:]
            self.http.send_data(stream, part, end_stream=ended and not data)
            self.flush()
            if not data:
                return

    def read(self):
        """Takes in what comes next; `False` at the connection's end."""
        try:
            data = self.socket.recv(65_536)
        except ConnectionError:
            data = b""
        if not data:
            self.closed = True
            return False
        for event in self.http.receive_data(data):
            if isinstance(event, (h2.events.ResponseReceived, h2.events.TrailersReceived)):
                self.headers.setdefault(event.stream_id, {}).update(
                    {name.decode() if isinstance(name, bytes) else name:
                     value.decode() if isinstance(value, bytes) else value
                     for name, value in event.headers})
            elif isinstance(event, h2.events.DataReceived):
                self.body[event.stream_id] = self.body.get(event.stream_id, b"") + event.data
                self.http.acknowledge_received_data(
                    event.flow_controlled_length, event.stream_id)
            elif isinstance(event, h2.events.StreamReset):
                self.reset[event.stream_id] = event.error_code
            elif isinstance(event, h2.events.StreamEnded):
                self.ended.add(event.stream_id)
            elif isinstance(event, h2.events.ConnectionTerminated):
                self.closed = True
        self.flush()
        return not self.closed

    def status(self, stream):
        """The gRPC status number that a stream ends with; `None` if it ends without one."""
        while stream not in self.ended and stream not in self.reset:
            if not self.read():
                break
        found = self.headers.get(stream, {}).get("grpc-status")
        return None if found is None else int(found)

    def close(self):
        self.socket.close()
