import Contributions
import Foundation
import Logging

/// Log messages as lines of JSON on standard error: time, level, message, and what came with it.
public struct JSONLogHandler: LogHandler {
  public var metadata: Logger.Metadata = [:]
  public var logLevel = Logger.Level.info

  public init() {}

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  public func log(event: LogEvent) {
    var members: [String: CanonicalJSON] = [:]
    for (key, value) in metadata { members[Self.name(key)] = .string("\(value)") }
    for (key, value) in event.metadata ?? [:] { members[Self.name(key)] = .string("\(value)") }
    members["time"] = .string(Self.time)
    members["level"] = .string(event.level.rawValue)
    members["message"] = .string("\(event.message)")
    var line = CanonicalJSON.object(members).bytes
    line.append(10)
    // One write a line, so that lines of several threads do not mix.
    try? FileHandle.standardError.write(contentsOf: Data(line))
  }

  /// Now, as `2026-01-31T23:59:59.999Z`; a formatter would cost more than the rest of the line.
  private static var time: String {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    func digits(_ value: Int, _ count: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(count - text.utf8.count, 0)) + text
    }
    let second = now.tv_sec % 86_400
    let clock = [second / 3_600, second / 60 % 60, second % 60].map { digits($0, 2) }
    let day = Epoch(day: Int64(now.tv_sec / 86_400))
    return "\(day)T\(clock.joined(separator: ":")).\(digits(now.tv_nsec / 1_000_000, 3))Z"
  }

  private static func name(_ key: String) -> String { key == "hb.request.id" ? "request" : key }
}
