import Foundation
import Synchronization

@testable import Chain

/// A chain's node on this machine that answers what a test tells it to, one call after the other.
final class StubNode: Sendable {
  /// What is answered: a result in JSON, or the whole body of the answer.
  enum Answer: Sendable {
    case result(String)
    case error(String)
    case body(String)
  }
  typealias Answers = @Sendable (_ method: String, _ parameters: String) -> Answer

  let port: UInt16
  private let listener: Int32
  private let answers: Mutex<Answers>
  private let methods = Mutex<[String]>([])

  struct Failure: Error {}

  init(_ answers: @escaping Answers) throws {
    self.answers = Mutex(answers)
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(listener, pointer, size) == 0 && listen(listener, 16) == 0
          && getsockname(listener, pointer, &size) == 0
      }
    }
    guard bound else { throw Failure() }
    port = UInt16(bigEndian: address.sin_port)
    let thread = Thread { [weak self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0, let self else { return }
        self.serve(connection)
        close(connection)
      }
    }
    thread.start()
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  var url: String { "http://127.0.0.1:\(port)" }

  /// The methods that were called, in order.
  var calls: [String] { methods.withLock { $0 } }

  func answer(_ answers: @escaping Answers) {
    self.answers.withLock { $0 = answers }
  }

  private func serve(_ connection: Int32) {
    guard let body = request(connection),
      let call = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any],
      let method = call["method"] as? String,
      let parameters = try? JSONSerialization.data(withJSONObject: call["params"] ?? [])
    else { return }
    methods.withLock { $0.append(method) }
    let answer = answers.withLock { $0 }(method, String(decoding: parameters, as: UTF8.self))
    let text =
      switch answer {
      case .result(let result): #"{"jsonrpc":"2.0","id":1,"result":\#(result)}"#
      case .error(let error): #"{"jsonrpc":"2.0","id":1,"error":\#(error)}"#
      case .body(let body): body
      }
    let head = "HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n"
    let bytes = Array((head + text).utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        send(connection, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }

  /// The body of a request with a stated length.
  private func request(_ connection: Int32) -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let text = String(decoding: bytes, as: UTF8.self)
      if let end = text.range(of: "\r\n\r\n") {
        let head = text[..<end.lowerBound].lowercased()
        let length = head.components(separatedBy: "content-length:").dropFirst().first
          .flatMap {
            Int($0.prefix { $0 != "\r\n" && $0 != "\r" }.trimmingCharacters(in: .whitespaces))
          }
        let body = Array(text[end.upperBound...].utf8)
        if let length, body.count >= length { return Array(body.prefix(length)) }
      }
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes += buffer[..<count]
    }
  }
}

/// Whether something has happened.
final class SentFlag: Sendable {
  private let flag = Mutex(false)

  var value: Bool { flag.withLock { $0 } }
  func set() { flag.withLock { $0 = true } }
}
