import Foundation
import Ledger
import Verdicts

@testable import Bundles

extension ReviewDecision {
  /// What two people decided.
  static func sample(_ node: String, _ verdict: Outcome) throws -> ReviewDecision {
    try ReviewDecision(
      node: node, verdict: verdict, finding: .falsePositive, comment: "looked at on site",
      decidedBy: "ada", approvedBy: "bo", reference: "case 7")
  }
}

/// An output folder with the bundle of a run, corrected revision by revision.
struct CorrectionFixture {
  let folder: TemporaryFolder
  let contents: BundleContents

  init(_ contents: BundleContents = .tiny) throws {
    folder = try TemporaryFolder()
    self.contents = contents
    _ = try BundleWriter(contents, keys: []).write(below: folder.path)
  }

  func path(_ revision: UInt32) -> String {
    let name = BundleContents.folderName(epoch: contents.epoch, revision: revision)
    return "\(folder.path)/\(contents.profile)/\(name)"
  }

  func reader(_ revision: UInt32) -> BundleReader { BundleReader(path: path(revision)) }

  func remove(_ revision: UInt32) throws {
    try FileManager.default.removeItem(atPath: path(revision))
  }

  /// Puts the revision after `revision` beside it.
  @discardableResult func correct(
    _ revision: UInt32, _ decisions: [(node: String, verdict: Outcome)]
  ) throws -> CorrectedBundle {
    let corrected = try CorrectedBundle(
      reader(revision), decisions: decisions.map { try .sample($0.node, $0.verdict) })
    _ = try corrected.write(below: folder.path, report: [], keys: [])
    return corrected
  }

  /// Four revisions: a rejected node accepted, held and rejected again, another held.
  static func chain() throws -> CorrectionFixture {
    let fixture = try CorrectionFixture()
    try fixture.correct(0, [("c", .hold), ("a", .accept)])
    try fixture.correct(1, [("a", .hold)])
    try fixture.correct(2, [("a", .reject), ("d", .accept)])
    return fixture
  }

  func record(_ node: String, _ revision: UInt32) throws -> VerdictRecord {
    try reader(revision).verdict(on: node)
  }

  func leaf(_ node: String, _ revision: UInt32) throws -> Digest32 {
    try record(node, revision).leaf(bits: reader(revision).reasonBits()).hash
  }

  func text(_ name: String, _ revision: UInt32) throws -> String {
    String(decoding: try reader(revision).bytes(name), as: UTF8.self)
  }

  func lines(_ name: String, _ revision: UInt32) throws -> [String] {
    try text(name, revision).split(separator: "\n").map(String.init)
  }

  /// The files of a revision, to be damaged.
  func loose(_ revision: UInt32) throws -> LooseBundle {
    var bundle = try LooseBundle()
    bundle.files = [:]
    for name in try reader(revision).fileNames() {
      bundle.files[name] = try reader(revision).stored(name)
    }
    return bundle
  }
}
