import Assay
import Contributions
import Foundation
import Synchronization

/// A file that gets a line of JSON for each node on which the candidate differs.
///
/// At 64 MiB it is renamed to `NAME.1`, in place of the one before, and begun anew.
final class ShadowLog: Sendable {
  private static let sizeLimit = 64 << 20

  private let path: String
  private let now: @Sendable () -> Date
  private let file = Mutex<Int32?>(nil)

  /// - Throws: `SetupError` where the file cannot be written.
  init(path: String, now: @escaping @Sendable () -> Date) throws(SetupError) {
    self.path = path
    self.now = now
    try append([])
  }

  deinit {
    file.withLock { if let descriptor = $0 { close(descriptor) } }
  }

  func append(
    _ differences: [ShadowDifference], active: [String: ProfileIdentity],
    candidate: [String: ProfileIdentity]
  ) throws(SetupError) {
    let time = now().ISO8601Format()
    var lines: [UInt8] = []
    for difference in differences {
      guard case .object(var members) = difference.json else { continue }
      members["time"] = .string(time)
      members["active_model"] = Self.model(active[difference.profile])
      members["candidate_model"] = Self.model(candidate[difference.profile])
      members["active_policy"] = active[difference.profile].map { HostReports.digest($0.policy) }
      members["candidate_policy"] = candidate[difference.profile].map {
        HostReports.digest($0.policy)
      }
      CanonicalJSON.object(members).append(to: &lines)
      lines.append(10)
    }
    try append(lines)
  }

  private static func model(_ identity: ProfileIdentity?) -> CanonicalJSON {
    identity?.model.map { HostReports.digest($0) } ?? .null
  }

  private func append(_ lines: [UInt8]) throws(SetupError) {
    let error = file.withLock { file -> SetupError? in
      if let descriptor = file, lseek(descriptor, 0, SEEK_END) > Self.sizeLimit {
        close(descriptor)
        file = nil
        rename(path, path + ".1")
      }
      if file == nil {
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC
        let descriptor = open(path, flags, 0o640)
        guard descriptor >= 0 else { return failure }
        file = descriptor
      }
      guard let descriptor = file else { return nil }
      var rest = lines[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return failure }
        rest = rest.dropFirst(count)
      }
      return nil
    }
    if let error { throw error }
  }

  private var failure: SetupError {
    SetupError(path: path, "cannot be written: \(String(cString: strerror(errno)))")
  }
}
