import Foundation
import Ledger
import Testing

@testable import Bundles

@Suite struct PublisherTests {
  private let folder: TemporaryFolder
  private let key: SigningKey

  init() throws {
    folder = try TemporaryFolder()
    key = try SigningKey(seed: Array(repeating: 5, count: 32))
  }

  private var logPath: String { "\(folder.path)/log" }

  /// Publishes a bundle signed with `keys`.
  @discardableResult private func publish(
    _ contents: BundleContents = .tiny, keys: [SigningKey], origin: String? = nil
  ) throws -> String {
    try BundlePublisher(output: folder.path, keys: keys, origin: origin).publish(
      try BundleWriter(contents, keys: keys).files(), profile: contents.profile,
      folderName: contents.folderName)
  }

  private func contents(_ day: UInt64) -> BundleContents {
    var contents = BundleContents.tiny
    contents.epoch += day
    return contents
  }

  private func size() throws -> Int {
    let note = try SignedNote(bytes: try BundleReader(path: logPath).stored("checkpoint"))
    return try Checkpoint(text: note.text).size
  }

  @Test func anUnsignedBundleIsInNoLog() throws {
    let path = try publish(keys: [])
    #expect(!FileManager.default.fileExists(atPath: logPath))
    let report = try BundleVerifier.verify(path: path)
    #expect(report.failures == [] && report.log == nil)
    #expect(try BundlePublisher.origin(ofLogBelow: folder.path) == nil)
  }

  @Test func aSignedBundleIsLoggedOnce() throws {
    let path = try publish(keys: [key])
    #expect(try size() == 1)
    let report = try BundleVerifier.verify(path: path)
    #expect(report.failures == [] && report.log?.size == 1)
    #expect(report.log?.origin == "assay/\(key.publicKeyHex.prefix(16))")
    let log = try BundleReader(path: logPath).fileNames()
    let bytes = try BundleReader(path: path).stored("log/checkpoint")
    #expect(try publish(keys: [key]) == path)
    #expect(try BundleReader(path: logPath).fileNames() == log)
    #expect(try BundleReader(path: logPath).stored("checkpoint") == bytes)
  }

  @Test func theLogGrowsByOneBundleAtATime() throws {
    for day in 0..<5 as Range<UInt64> {
      let path = try publish(contents(day), keys: [key])
      #expect(try size() == Int(day) + 1)
      #expect(try BundleVerifier.verify(path: path).log?.size == Int(day) + 1)
    }
    // Those of before stay good, and the log has grown from the checkpoint of each.
    let log = LogFolder(path: logPath, origin: "assay/\(key.publicKeyHex.prefix(16))")
    let keys = try log.verifierKeys(of: [key])
    for day in 0..<5 as Range<UInt64> {
      let bundle = BundleReader(path: "\(folder.path)/wireless/\(contents(day).folderName)")
      #expect(try BundleVerifier.verify(path: bundle.path).failures == [])
      let old = try bundle.stored("log/checkpoint")
      #expect(try log.consistency(from: old, keys: keys).new.size == 5)
      #expect(try log.proof(of: LogEntry(statement: bundle.stored("statement.json"))).index == day)
    }
  }

  @Test func aCorrectionIsAnEntryOfItsOwn() throws {
    let path = try publish(keys: [key])
    let corrected = try CorrectedBundle(
      BundleReader(path: path), decisions: [.sample("b", .accept)])
    let next = try BundlePublisher(output: folder.path, keys: [key]).publish(
      try corrected.files(report: [], keys: [key]), profile: corrected.profile,
      folderName: corrected.folderName)
    #expect(try size() == 2 && next.hasSuffix("wireless/epoch-020412-r1"))
    #expect(try BundleVerifier.verify(path: next).failures == [])
  }

  @Test func anotherBundleInThePlaceStopsBeforeTheLog() throws {
    let path = try publish(keys: [key])
    let checkpoint = try BundleReader(path: logPath).stored("checkpoint")
    var other = BundleContents.tiny
    other.verdicts[1].outcome = .accept
    #expect(throws: BundleError.exists(path: path)) { try publish(other, keys: [key]) }
    #expect(throws: BundleError.exists(path: path)) { try publish(keys: []) }
    #expect(try BundleReader(path: logPath).stored("checkpoint") == checkpoint)
    #expect(try BundleVerifier.verify(path: path).failures == [])
  }

  @Test func aBundleThatWasLoggedAndNotPlacedIsPlaced() throws {
    let path = try publish(keys: [key])
    try FileManager.default.removeItem(atPath: path)
    #expect(try publish(keys: [key]) == path)
    #expect(try size() == 1)
    #expect(try BundleVerifier.verify(path: path).log?.size == 1)
  }

  @Test func aLogKeepsItsName() throws {
    try publish(keys: [key], origin: "example.org/assay")
    #expect(try BundlePublisher.origin(ofLogBelow: folder.path) == "example.org/assay")
    // Without a name the one that is there.
    #expect(
      try BundleVerifier.verify(path: publish(contents(1), keys: [key])).log?.origin
        == "example.org/assay")
    let refusal = LogFolderError.otherOrigin(found: "example.org/assay", expected: "example.org/b")
    #expect(throws: refusal) { try publish(contents(2), keys: [key], origin: "example.org/b") }
    #expect(try size() == 2)
    let place = "\(folder.path)/wireless/\(contents(2).folderName)"
    #expect(!FileManager.default.fileExists(atPath: place))
    for name in ["", "a b", "a+b"] {
      let other = try TemporaryFolder()
      #expect(throws: LogFolderError.self) {
        try BundlePublisher(output: other.path, keys: [key], origin: name).publish(
          try BundleWriter(.tiny, keys: [key]).files(), profile: "wireless", folderName: "x")
      }
    }
  }

  @Test func aKeyIsChangedByGivingOldAndNewTogetherOnce() throws {
    let new = try SigningKey(seed: Array(repeating: 6, count: 32))
    try publish(keys: [key])
    #expect(throws: LogFolderError.notSigned(path: logPath)) {
      try publish(contents(1), keys: [new])
    }
    #expect(try size() == 1)
    let both = try publish(contents(1), keys: [key, new])
    let after = try publish(contents(2), keys: [new])
    for path in [both, after] { #expect(try BundleVerifier.verify(path: path).failures == []) }
    // The old key's time is over.
    #expect(throws: LogFolderError.notSigned(path: logPath)) {
      try publish(contents(3), keys: [key])
    }
  }

  @Test func aCheckpointThatIsNoneStopsTheRun() throws {
    try publish(keys: [key])
    try folder.write(Array("nothing\n".utf8), to: "log/checkpoint")
    #expect(throws: (any Error).self) { try publish(contents(1), keys: [key]) }
  }

  /// The log's part of one bundle after a change.
  private func failures(_ change: (String) throws -> Void) throws -> [String] {
    try publish(keys: [key])
    let path = try publish(contents(1), keys: [key])
    try change(path)
    return try BundleVerifier.verify(path: path).failures
  }

  @Test func theLogsPartIsCheckedWithTheBundle() throws {
    let first = "\(folder.path)/wireless/\(BundleContents.tiny.folderName)"
    func replace(_ name: String, in path: String, by bytes: [UInt8]?) throws {
      try FileManager.default.removeItem(atPath: "\(path)/\(name)")
      if let bytes { try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)")) }
    }
    for name in ["log/checkpoint", "log/inclusion.tlog-proof"] {
      let good = try BundleReader(path: try publish(contents(1), keys: [key])).stored(name)
      let others = try [
        nil, [], Array(good.dropLast()), BundleReader(path: publish(keys: [key])).stored(name),
      ]
      for other in others {
        let found = try failures { try replace(name, in: $0, by: other) }
        #expect(found.count == 1 && found.first?.hasPrefix("log: ") == true, "\(found)")
        let place = "\(folder.path)/wireless/\(contents(1).folderName)"
        try? FileManager.default.removeItem(atPath: "\(place)/\(name)")
        try Data(good).write(to: URL(fileURLWithPath: "\(place)/\(name)"))
      }
    }
    #expect(try BundleVerifier.verify(path: first).failures == [])
  }

  @Test func aLogOfSomebodyElseIsFound() throws {
    let stranger = try SigningKey(seed: Array(repeating: 8, count: 32))
    let other = try TemporaryFolder()
    let log = LogFolder(path: other.path, origin: "assay/x")
    let found = try failures { path in
      let entry = try LogEntry(statement: try BundleReader(path: path).stored("statement.json"))
      for (name, bytes) in try log.append(entry, keys: [stranger]).bundleFiles {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
      }
    }
    #expect(found.count == 1 && found.first?.hasPrefix("log: ") == true)
  }

  /// Nobody has signed it, so nobody says who keeps its log.
  @Test func anUnsignedBundleThatClaimsALogIsFound() throws {
    let path = try publish(keys: [])
    let log = LogFolder(path: logPath, origin: "assay/x")
    let entry = try LogEntry(statement: try BundleReader(path: path).stored("statement.json"))
    for (name, bytes) in try log.append(entry, keys: [key]).bundleFiles {
      try folder.write(bytes, to: "wireless/\(BundleContents.tiny.folderName)/\(name)")
    }
    let report = try BundleVerifier.verify(path: path)
    #expect(report.log == nil && report.failures.count == 1)
  }

  @Test func signaturesForALedgerDoNotTouchTheLog() throws {
    let path = try publish(keys: [key])
    let ledger = try LedgerFixture()
    _ = try RootSigning.sign(
      BundleReader(path: path), for: ledger.configuration, parent: .zero, by: ledger.keys[0])
    let report = try BundleVerifier.verify(path: path)
    #expect(report.failures == [] && report.log?.size == 1 && report.rootSigners.count == 1)
    // The run again finds the bundle in its place, signatures and all.
    #expect(try publish(keys: [key]) == path)
    #expect(try BundleReader(path: path).rootFile().signatures.count == 1)
  }
}
