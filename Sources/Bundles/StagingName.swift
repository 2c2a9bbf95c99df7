import Foundation

/// Names of the folders that bundles are written into: `PROFILE-BUNDLE@PLACE-PROCESS-CHANCE`, so
/// that no two runs share one.
///
/// They tell later runs who wrote there. A process's number alone would not: containers that share
/// an output folder count their own processes, and often alike.
enum StagingName {
  /// What a run never takes to write its files, in seconds.
  static let longestWriting: TimeInterval = 3600

  /// Where process numbers mean what they mean here: the host and, where the system has them, the
  /// namespace of its processes.
  static let place: String = {
    var bytes = [CChar](repeating: 0, count: 256)
    gethostname(&bytes, 255)
    let host = String(
      decoding: bytes.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    let namespace = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
    let text = "\(host).\((namespace ?? "").filter { $0.isNumber })"
    // The hyphen and the at sign part the name.
    return String(
      text.map { $0 == "." || $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }()

  /// A name of its own for every call.
  static func unique(for bundle: String, profile: String) -> String {
    let chance = String(UInt64.random(in: 0 ... .max), radix: 36)
    return "\(profile)-\(bundle)@\(place)-\(getpid())-\(chance)"
  }

  /// Whether the folder of that name is one that a killed run left: its process is known to be dead
  /// or, where that cannot be known, nothing came into it for longer than writing takes.
  static func isAbandoned(_ name: String, in parent: String) -> Bool {
    let parts = name.split(separator: "@")
    let writer = (parts.last ?? "").split(separator: "-")
    if parts.count > 1, writer.count == 3, let process = Int32(writer[1]) {
      // A folder with this process's own number may be that of an earlier process.
      if writer[0] == place, process != getpid() { return kill(process, 0) != 0 && errno == ESRCH }
    } else if writer.last.flatMap({ Int32($0) }) == nil {
      // Names of earlier versions end in the process and do not say where it ran; other names are
      // not ours.
      return false
    }
    let attributes = try? FileManager.default.attributesOfItem(atPath: "\(parent)/\(name)")
    guard let changed = attributes?[.modificationDate] as? Date else { return false }
    return Date().timeIntervalSince(changed) > longestWriting
  }
}
