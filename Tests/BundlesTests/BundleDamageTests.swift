import Contributions
import Foundation
import Ledger
import Testing
import Verdicts

@testable import Bundles

private func tells(_ failures: [String], _ part: String) -> Bool {
  failures.contains { $0.contains(part) }
}

@Test func anExtraFileIsFound() throws {
  var bundle = try LooseBundle()
  bundle.files["reports/extra.json"] = [123, 125]
  let failures = try bundle.failures()
  #expect(tells(failures, "reports/extra.json"))
  #expect(tells(failures, "its subjects are not the bundle's files"))
  // Even where the checksums were made anew, the signed statement does not name it.
  try bundle.seal { $0.removeAll { $0.name == "reports/extra.json" } }
  #expect(try bundle.failures() == ["statement: its subjects are not the bundle's files in order"])
}

@Test(arguments: [
  "SHA256SUMS", "inputs.json", "ledger/root.json", "manifest.dsse.json", "model.json",
  "policy.json", "quarantine.ndjson.gz", "reasons.json", "reports/summary.json", "statement.json",
  "verdicts/00000.ndjson.gz",
])
func aMissingFileIsFoundAndSoIsAChangedOne(name: String) throws {
  var bundle = try LooseBundle()
  let whole = try #require(bundle.files[name])
  bundle.files[name] = nil
  #expect(try !bundle.failures().isEmpty)
  for damage in [whole + [32], Array(whole.dropLast()), [], Array(repeating: 0x7B, count: 5000)] {
    bundle.files[name] = damage
    #expect(try !bundle.failures().isEmpty, "\(damage.count) bytes")
  }
}

@Test func everyFlippedByteIsFound() throws {
  let good = try LooseBundle(keys: [try #require(BundleContents.key)])
  for (name, bytes) in good.files {
    for place in stride(from: 0, to: bytes.count, by: max(bytes.count / 6, 1)) {
      var bundle = good
      bundle.files[name]?[place] ^= 1
      #expect(try !bundle.failures().isEmpty, "\(name) at \(place)")
    }
  }
}

@Test func aGapInTheNumbersOfVerdictFilesIsFound() throws {
  var bundle = try LooseBundle()
  bundle.files["verdicts/00001.ndjson.gz"] = bundle.files["verdicts/00000.ndjson.gz"]
  bundle.files["verdicts/00000.ndjson.gz"] = nil
  try bundle.seal()
  #expect(try bundle.failures() == ["verdicts: files are not numbered"])
}

@Test func aShortFileBeforeTheLastIsFound() throws {
  var bundle = try LooseBundle()
  let lines = try bundle.text("verdicts/00000.ndjson.gz").split(separator: "\n")
  for (index, part) in [lines[..<2], lines[2...]].enumerated() {
    let text = part.map { "\($0)\n" }.joined()
    bundle.files[Documents.verdictFile(index)] = try Gzip.compress(Array(text.utf8))
  }
  try bundle.seal()
  #expect(try bundle.failures() == ["verdicts/00000.ndjson.gz: has 2 verdicts"])
}

@Test func bytesBehindTheCompressedOnesAreFound() throws {
  var bundle = try LooseBundle()
  bundle.files["quarantine.ndjson.gz"]?.append(0)
  try bundle.seal()
  #expect(tells(try bundle.failures(), "something behind its end"))
}

@Test func aGzipHeaderWithATimeIsFound() throws {
  for name in ["quarantine.ndjson.gz", "verdicts/00000.ndjson.gz"] {
    var bundle = try LooseBundle()
    bundle.files[name]?[4] = 1
    try bundle.seal()
    #expect(
      try bundle.failures() == ["\(name): its gzip header has a time, a name or other extras"])
  }
}

@Test func anotherZlibsBytesAreAsGood() throws {
  var bundle = try LooseBundle()
  // Stored instead of deflated, as a compressor may choose.
  let content = try Gzip.decompress(bundle.files["quarantine.ndjson.gz"] ?? [])
  let packed = bundle.files["quarantine.ndjson.gz"] ?? []
  let count = UInt16(content.count)
  let length = [UInt8(truncatingIfNeeded: count), UInt8(count >> 8)]
  bundle.files["quarantine.ndjson.gz"] =
    Array(packed[..<9]) + [255, 1] + length + length.map(~) + content + packed.suffix(8)
  try bundle.seal()
  #expect(try bundle.failures() == [])
}

@Test func aSignatureOnAnotherStatementIsFound() throws {
  let key = try #require(BundleContents.key)
  var bundle = try LooseBundle(keys: [key])
  let signed = bundle.files["manifest.dsse.json"]
  bundle.files["statement.json"] = Array(
    try bundle.text("statement.json").replacingOccurrences(of: "wireless", with: "compute").utf8)
  bundle.files["SHA256SUMS"] = nil
  bundle.files["SHA256SUMS"] = BundleAssembly.checksums(
    of: bundle.files.filter { $0.key != "ledger/root.json" })
  #expect(bundle.files["manifest.dsse.json"] == signed)
  #expect(tells(try bundle.failures(), "manifest.dsse.json signs another statement"))
}

@Test func aForgedSignatureIsFound() throws {
  let key = try #require(BundleContents.key)
  var bundle = try LooseBundle(keys: [key])
  let other = SigningKey().publicKeyHex
  try bundle.replace(key.publicKeyHex, by: other, in: "manifest.dsse.json")
  bundle.files["SHA256SUMS"] = nil
  bundle.files["SHA256SUMS"] = BundleAssembly.checksums(
    of: bundle.files.filter { $0.key != "ledger/root.json" })
  #expect(try bundle.failures().count == 1)
  #expect(tells(try bundle.failures(), "signature of key \(other) does not match"))
}

@Test func nothingOutsideTheBundleIsRead() throws {
  for name in ["../secret", "/etc/hostname", "verdicts/../../secret", "/dev/zero"] {
    var bundle = try LooseBundle()
    try bundle.seal { $0.append(Statement.Subject(name: name, sha256: "00")) }
    let failures = try bundle.failures()
    #expect(failures == ["statement: its subjects are not the bundle's files in order"])
  }
}

@Test func linksAreNoFilesOfABundle() throws {
  let folder = try TemporaryFolder()
  try LooseBundle().write(to: folder)
  let path = "\(folder.path)/model.json"
  try FileManager.default.moveItem(atPath: path, toPath: "\(folder.path)-model")
  defer { try? FileManager.default.removeItem(atPath: "\(folder.path)-model") }
  try FileManager.default.createSymbolicLink(
    atPath: path, withDestinationPath: "\(folder.path)-model")
  #expect(tells(try BundleVerifier.verify(path: folder.path).failures, "not a plain file"))
}

@Test func numbersThatNoArithmeticBearsAreFoundWithoutACrash() throws {
  for (name, old, new) in [
    ("verdicts/00000.ndjson.gz", #""p_ppb":500000000"#, #""p_ppb":-9223372036854775808"#),
    ("verdicts/00000.ndjson.gz", #""p_ppb":500000000"#, #""p_ppb":9223372036854775807"#),
    ("verdicts/00000.ndjson.gz", #""share_ppm":300000"#, #""share_ppm":9223372036854775807"#),
    ("verdicts/00000.ndjson.gz", #""units_micro":42000000"#, #""units_micro":-1"#),
    ("reasons.json", #""bit":48"#, #""bit":-1"#), ("reasons.json", #""bit":48"#, #""bit":64"#),
    ("reasons.json", #""bit":48"#, #""bit":2"#),
    ("reasons.json", #""class":"spoof""#, #""class":"gossip""#),
  ] {
    var bundle = try LooseBundle()
    try bundle.replace(old, by: new, in: name)
    try bundle.seal()
    #expect(try !bundle.failures().isEmpty, "\(name): \(new)")
  }
}

@Test func manyFailuresAreCountedNotListed() throws {
  var contents = BundleContents.tiny
  contents.verdicts = (0..<500).map { .sample("\(1000 + $0)", reasons: [.unusual]) }
  contents.reasons = []
  BundleContents.setQ(&contents.verdicts)
  let failures = try LooseBundle(contents).failures()
  #expect(failures.count == 21)
  #expect(failures.last == "verdicts: 480 more failures like these")
}
