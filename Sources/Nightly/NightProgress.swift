import Bundles
import Contributions
import Foundation

/// What was done for one epoch: a small file that is there whole, old or new.
struct NightProgress: Sendable {
  /// What is not done twice.
  enum Step: String, Codable, Sendable {
    case run, post
    case deskImport = "import"
    case finished
  }

  private struct Facts: Codable {
    var done: [Step] = []
    var raised: [NightEvent] = []
    var bundle: String?
  }

  let path: String
  /// Whether there is a file, but none that can be read: every step is done again, which harms
  /// nothing.
  let isTorn: Bool
  private var facts: Facts

  /// The progress as it was kept; none where nothing was.
  init(path: String) {
    self.path = path
    let data = FileManager.default.contents(atPath: path)
    let kept = data.flatMap { try? JSONDecoder().decode(Facts.self, from: $0) }
    isTorn = data != nil && kept == nil
    facts = kept ?? Facts()
  }

  func has(_ step: Step) -> Bool {
    facts.done.contains(step)
  }

  func hasRaised(_ event: NightEvent) -> Bool {
    facts.raised.contains(event)
  }

  /// Leaves a file without a step where there is none: the epoch is known, and not finished.
  ///
  /// - Throws: `BundleError.cannotWrite`.
  func begin() throws {
    if !FileManager.default.fileExists(atPath: path) { try keep() }
  }

  /// - Throws: `BundleError.cannotWrite`.
  mutating func mark(_ step: Step, bundle: String? = nil) throws {
    if !has(step) { facts.done.append(step) }
    if let bundle { facts.bundle = bundle }
    try keep()
  }

  /// - Throws: `BundleError.cannotWrite`.
  mutating func markRaised(_ event: NightEvent) throws {
    if !hasRaised(event) { facts.raised.append(event) }
    try keep()
  }

  private func keep() throws {
    let folder = (path as NSString).deletingLastPathComponent
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw BundleError.cannotWrite(path: folder, reason: error.localizedDescription)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(Array(try encoder.encode(facts)) + [UInt8(ascii: "\n")], to: path)
  }
}
