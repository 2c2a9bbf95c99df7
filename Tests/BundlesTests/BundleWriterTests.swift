import Contributions
import Foundation
import Ledger
import Testing
import Verdicts

@testable import Bundles

@Test func aTinyBundleHasTheSameBytesForEver() throws {
  let files = try BundleWriter(.tiny, keys: [try #require(BundleContents.key)]).files()
  #expect(
    files.keys.sorted() == [
      "SHA256SUMS", "inputs.json", "ledger/root.json", "manifest.dsse.json", "model.json",
      "policy.json", "quarantine.ndjson.gz", "reasons.json", "reports/summary.json",
      "statement.json", "verdicts/00000.ndjson.gz",
    ])
  // The digests of what is compressed are of the uncompressed bytes: another zlib may differ.
  let digests = try files.filter { $0.key != "SHA256SUMS" }.map { name, bytes in
    let content = name.hasSuffix(".gz") ? try Gzip.decompress(bytes) : bytes
    return "\(Documents.sha256(content))  \(name)"
  }
  #expect(digests.sorted { $0.dropFirst(66) < $1.dropFirst(66) } == goldenDigests)
}

/// The project's independent checker, in Python, found the bundle with these digests good.
private let goldenDigests = [
  "8dc6b5696585a74cab286f6d515e48651adc0146e484906cfcc211c8ddc5ed0d  inputs.json",
  "e7a07173f4e298cceb6c5c15af58050037e274422d20c34cc9388d11791d5112  ledger/root.json",
  "0b311ebcdd83567f643cafd98a6b79b2b73af552423ec400e2caa488ac836681  manifest.dsse.json",
  "d5ca0933faa5e6f0c8c0777cc605f36383beb76de10544f27fffc443f266ce18  model.json",
  "3b54d37b74318e0fa5a17312f42eb71c2404f077ac874419fbc8a7c92f8f87af  policy.json",
  "e98ab91e608c96093cea908200c1e635c9de21be78b858db2e59d3ac6604c8ec  quarantine.ndjson.gz",
  "81950c01a6330d7b27e63017a0d06a6928d910a7858221b16070b3951d2fe594  reasons.json",
  "475638928aa1eeae1e149a7e0c4b662f1e4516b5746fd369fc21c86d0aba0cfa  reports/summary.json",
  "8b5dd35e01b981be5306e6416b96bb14bcf09c33358376e50bed25ef28fda1a8  statement.json",
  "09e390d22e5629a403bc22468aa296ffd8fdc6fe21167495c25d73a6be80fa3e  verdicts/00000.ndjson.gz",
]

@Test func checksumsAreThoseOfSha256sum() throws {
  let folder = try TemporaryFolder()
  try LooseBundle(keys: [try #require(BundleContents.key)]).write(to: folder)
  let check = Process()
  check.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  check.arguments = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
  check.currentDirectoryURL = URL(fileURLWithPath: folder.path)
  try check.run()
  check.waitUntilExit()
  #expect(check.terminationStatus == 0)
}

@Test func theSameContentsGiveTheSameBytes() throws {
  let key = try #require(BundleContents.key)
  let first = try BundleWriter(.tiny, keys: [key]).files()
  #expect(try BundleWriter(.tiny, keys: [key]).files() == first)
}

@Test func anEpochWithoutNodesHasOneSentinelLeaf() throws {
  var contents = BundleContents.tiny
  contents.verdicts = []
  let bundle = try LooseBundle(contents)
  #expect(try bundle.text("verdicts/00000.ndjson.gz").isEmpty)
  let root = VerdictLeaf.sentinel(epoch: 20_412).hash.hex
  #expect(try bundle.text("ledger/root.json").contains(root))
  let report = try bundle.verified()
  #expect(report.failures == [])
  #expect(report.leafCount == 1 && report.root == root)
}

@Test func inputsHaveExactlyTheFormatsKeys() throws {
  let json = try JSONSerialization.jsonObject(
    with: Data(LooseBundle().files["inputs.json"] ?? []))
  let inputs = try #require(json as? [String: Any])
  #expect(Set(inputs.keys) == ["counts", "files"])
  let counts = try #require(inputs["counts"] as? [String: Int])
  #expect(
    counts == ["read": 103, "used": 100, "duplicate": 1, "quarantined": 2, "ignored_fields": 5])
  let file = try #require((inputs["files"] as? [[String: Any]])?.first)
  #expect(Set(file.keys) == ["name", "bytes", "records", "sha256"])
  #expect(file["sha256"] as? String == String(repeating: "ab", count: 32))
}

@Test func quarantineKeepsTheOffendingBytes() throws {
  let lines = try LooseBundle().text("quarantine.ndjson.gz").split(separator: "\n")
  #expect(
    lines.first
      == #"{"bytes":"AP8i","detail":"no value","file":"log.ndjson","line":7,"reason":"not_json"}"#)
  #expect(lines.count == 2)
}

@Test func sixtyFiveThousandVerdictsFillAFileAndOneMoreStartsAnother() throws {
  var contents = BundleContents.tiny
  contents.verdicts = (0..<65_537).map { index -> Verdict in
    let p = Int64(1 + index * 9973)
    return Verdict.sample(String(100_000 + index), pPpb: p)
  }
  BundleContents.setQ(&contents.verdicts)
  let folder = try TemporaryFolder()
  let path = try BundleWriter(contents, keys: []).write(below: folder.path)
  let reader = BundleReader(path: path)
  #expect(
    try reader.verdictFiles() == ["verdicts/00000.ndjson.gz", "verdicts/00001.ndjson.gz"])
  let lines = try reader.verdictFiles().map { name in
    try reader.bytes(name).split(separator: 10).count
  }
  #expect(lines == [65_536, 1])
  #expect(try reader.statement().predicate.leafCount == 65_537)
  var count = 0
  try reader.forEachVerdictLine { line in
    count += 1
    return count < 65_537
  }
  #expect(count == 65_537)
}

@Test func anEqualBundleIsLeftAloneAndAnotherIsNotOverwritten() throws {
  let folder = try TemporaryFolder()
  let path = try BundleWriter(.tiny, keys: []).write(below: folder.path)
  #expect(path == "\(folder.path)/wireless/epoch-020412-r0")
  let written = try FileManager.default.attributesOfItem(atPath: "\(path)/statement.json")
  #expect(try BundleWriter(.tiny, keys: []).write(below: folder.path) == path)
  let again = try FileManager.default.attributesOfItem(atPath: "\(path)/statement.json")
  #expect(written[.systemFileNumber] as? Int == again[.systemFileNumber] as? Int)
  var other = BundleContents.tiny
  other.verdicts[2].unitsMicro += 1
  #expect(throws: BundleError.exists(path: path)) {
    try BundleWriter(other, keys: []).write(below: folder.path)
  }
  other.revision = 1
  #expect(try BundleWriter(other, keys: []).write(below: folder.path) != path)
  #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["wireless"])
}

@Test func whatDeadRunsLeftIsRemovedAndLivingOnesAreLeftAlone() throws {
  let folder = try TemporaryFolder()
  let dead = Process()
  dead.executableURL = URL(fileURLWithPath: "/usr/bin/true")
  try dead.run()
  dead.waitUntilExit()
  let number = dead.processIdentifier
  let start = "wireless-epoch-000001-r0@"
  let ended = "\(start)\(StagingName.place)-\(number)-x"
  let living = "\(start)\(StagingName.place)-\(getppid())-x"
  // Of processes of other hosts, of earlier versions and of this one's own number nothing is known.
  let unknown = [
    "\(start)other.1-\(number)-x", "epoch-000001-r0-\(number)",
    "\(start)\(StagingName.place)-\(getpid())-x",
  ]
  let foreign = ["notes", "notes@home", "a@b-c-d"]
  for name in [ended, living] + unknown + foreign {
    try folder.write([1], to: ".incomplete/\(name)/half")
  }
  func left() throws -> Set<String> {
    _ = try BundleWriter(.tiny, keys: []).write(below: folder.path)
    try FileManager.default.removeItem(atPath: "\(folder.path)/wireless")
    return Set(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/.incomplete"))
  }
  #expect(try left() == Set([living] + unknown + foreign))
  for name in [living] + unknown + foreign {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -StagingName.longestWriting - 60)],
      ofItemAtPath: "\(folder.path)/.incomplete/\(name)")
  }
  #expect(try left() == Set([living] + foreign))
}

@Test func noTwoRunsWriteInOneFolder() {
  let names = ["wireless", "compute", "wireless"].map {
    StagingName.unique(for: "epoch-020412-r0", profile: $0)
  }
  #expect(Set(names).count == 3)
  #expect(names[1].hasPrefix("compute-epoch-020412-r0@\(StagingName.place)-\(getpid())-"))
}

@Test func whatADeadRunOfTheSameNumberLeftGetsIntoNoBundle() throws {
  let folder = try TemporaryFolder()
  try folder.write([1], to: ".incomplete/epoch-020412-r0-\(getpid())/verdicts/00001.ndjson.gz")
  let path = try BundleWriter(.tiny, keys: []).write(below: folder.path)
  #expect(try BundleReader(path: path).verdictFiles() == ["verdicts/00000.ndjson.gz"])
  #expect(try BundleVerifier.verify(path: path).failures == [])
}

@Test func aFolderThatCannotBeMadeIsNamed() throws {
  let folder = try TemporaryFolder()
  try folder.write([], to: "file")
  #expect {
    try BundleWriter(.tiny, keys: []).write(below: "\(folder.path)/file")
  } throws: { error in
    guard case .cannotWrite(let path, _)? = error as? BundleError else { return false }
    return path.hasPrefix("\(folder.path)/file")
  }
}

@Test func oneVerdictCanBeLookedUpByTheBytesOfItsNode() throws {
  var contents = BundleContents.tiny
  contents.verdicts = [.sample("cafe\u{301}", .hold), .sample("caf\u{E9}")]
  BundleContents.setQ(&contents.verdicts)
  let folder = try TemporaryFolder()
  let reader = BundleReader(path: try BundleWriter(contents, keys: []).write(below: folder.path))
  #expect(try reader.verdict(on: "cafe\u{301}").verdict.outcome == .hold)
  #expect(try reader.verdict(on: "caf\u{E9}").verdict.outcome == .accept)
  #expect(throws: BundleError.noSuchNode("caf")) { try reader.verdict(on: "caf") }
}
