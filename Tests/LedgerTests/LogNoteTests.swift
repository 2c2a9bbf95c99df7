import Foundation
import Testing

@testable import Ledger

/// The vectors are those of Go's module golang.org/x/mod, `sumdb/note/note_test.go`, of the C2SP
/// documents signed-note, tlog-checkpoint and tlog-cosignature, and checkpoints that the log
/// sum.golang.org signed.
@Suite struct LogNoteTests {
  private let text = """
    If you think cryptography is the answer to your problem,
    then you don't know what your problem is.

    """
  private let peterLine =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
  private let enochLine =
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
  private let peterText = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
  private let enochText = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
  /// As in `cmd/go/internal/modfetch/key.go`.
  private let goText = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"

  private func peter() throws -> LogVerifierKey { try LogVerifierKey(text: peterText) }
  private func enoch() throws -> LogVerifierKey { try LogVerifierKey(text: enochText) }
  private func note(_ text: String) throws -> SignedNote { try SignedNote(bytes: Array(text.utf8)) }

  @Test func verifierKeysHaveThePublishedIdsAndTexts() throws {
    for text in [peterText, enochText, goText] {
      #expect(try LogVerifierKey(text: text).text == text)
    }
    let key = try peter()
    #expect(key.name == "PeterNeumann")
    #expect(key.keyID == 0xc74f_20a3)
    #expect(key.kind == .ed25519)
    #expect(
      try LogVerifierKey(name: "PeterNeumann", publicKeyHex: key.publicKeyHex).text == peterText)
    // The same key as a witness has another id.
    let witness = try LogVerifierKey(
      name: "PeterNeumann", publicKeyHex: key.publicKeyHex, kind: .cosignature)
    #expect(witness.keyID != key.keyID)
    #expect(try LogVerifierKey(text: witness.text) == witness)
  }

  @Test func noPartAndNoMisspellingOfAVerifierKeyIsRead() {
    let characters = Array(peterText)
    for start in characters.indices {
      for end in start + 1...characters.count where end - start < characters.count {
        #expect(throws: LogError.self) {
          try LogVerifierKey(text: String(characters[start..<end]))
        }
      }
    }
    var bytes = Array(peterText.utf8)
    for index in bytes.indices {
      bytes[index] += 1
      #expect(throws: LogError.self) {
        try LogVerifierKey(text: String(decoding: bytes, as: UTF8.self))
      }
      bytes[index] -= 1
    }
    for text in [
      "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
      "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      peterText.replacingOccurrences(of: "c74f20a3", with: "C74F20A3"), peterText + "\n",
    ] {
      #expect(throws: LogError.self) { try LogVerifierKey(text: text) }
    }
  }

  @Test(arguments: ["", "a b", "a+b", "a\u{2003}b", "a\nb", "a\u{7}"])
  func namesWithSpacesPlusOrControlsAreRefused(name: String) throws {
    let key = SigningKey()
    #expect(throws: LogError.self) {
      try LogVerifierKey(name: name, publicKeyHex: key.publicKeyHex)
    }
    var note = try SignedNote(text: text)
    #expect(throws: LogError.self) { try note.sign(with: key, name: name) }
    #expect(note.signatures.isEmpty)
  }

  @Test func signingGivesThePublishedNote() throws {
    // From PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz
    let seed = try #require(LogText.bytes(base64: "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"))
    var note = try SignedNote(text: text)
    try note.sign(with: try SigningKey(seed: Array(seed.dropFirst())), name: "PeterNeumann")
    #expect(String(decoding: note.bytes, as: UTF8.self) == text + "\n" + peterLine)
    try note.sign(with: try SigningKey(seed: Array(seed.dropFirst())), name: "PeterNeumann")
    #expect(note.signatures.count == 1)
  }

  @Test func unknownSignaturesAreKeptAndNotJudged() throws {
    let bytes = Array((text + "\n" + peterLine + enochLine).utf8)
    let note = try SignedNote(bytes: bytes)
    #expect(note.text == text)
    #expect(note.signatures.map(\.name) == ["PeterNeumann", "EnochRoot"])
    #expect(note.signatures.map(\.keyID) == [0xc74f_20a3, 0xaf0c_fe78])
    #expect(note.bytes == bytes)
    #expect(try note.verifiedKeys(among: [peter()]) == [peter()])
    #expect(try note.verifiedKeys(among: [enoch(), peter(), enoch()]) == [enoch(), peter()])
    #expect(try note.verifiedKeys(among: []).isEmpty)
    #expect(try note.verifiedKeys(among: [LogVerifierKey(text: goText)]).isEmpty)
    let spoiled = enochLine.prefix(60) + "ABCD" + enochLine.dropFirst(60)
    let other = try self.note(text + "\n" + peterLine + spoiled)
    #expect(try other.verifiedKeys(among: [peter()]) == [peter()])
    #expect(throws: LogError.wrongSignature(name: "EnochRoot")) {
      try other.verifiedKeys(among: [peter(), enoch()])
    }
  }

  @Test func aSignatureOfAnotherTextIsNotOne() throws {
    let changed = try note(text.replacing("problem", with: "question") + "\n" + peterLine)
    #expect(throws: LogError.wrongSignature(name: "PeterNeumann")) {
      try changed.verifiedKeys(among: [peter()])
    }
    // Same id, another name: an unknown key.
    let renamed = try note(text + "\n" + peterLine.replacing("Peter", with: "Paul"))
    #expect(try renamed.verifiedKeys(among: [peter()]).isEmpty)
  }

  @Test func whatIsNoNoteIsRefused() throws {
    let good = text + "\n" + peterLine
    for bad in [
      "", "\n", text, text + "\n", String(good.dropLast()), "\u{1}" + good, good + "Unexpected.\n",
      text + "\n— Bad Name x08g\n", text + "\n" + peterLine.replacing("—", with: "-"),
      text + "\n" + String(repeating: peterLine, count: 101), good.replacing("=\n", with: "\n"),
      good.replacing("nAM=", with: "nAN="), text + "\n— PeterNeumann x08goA\n",
      text + "\n— a\u{1b}b x08go/Y=\n", "no line feed",
    ] {
      #expect(throws: LogError.self, "\(bad.debugDescription)") { try self.note(bad) }
    }
    #expect(throws: LogError.self) { try SignedNote(bytes: [0xFF] + Array(good.utf8)) }
    let long = String(repeating: "a", count: SignedNote.largestByteCount) + good
    #expect(throws: LogError.self) { try self.note(long) }
    for bad in ["no line feed", "", "a\tb\n"] {
      #expect(throws: LogError.self) { try SignedNote(text: bad) }
    }
  }

  @Test func theExampleOfSignedNoteIsReadAndWritten() throws {
    let bytes = Array(
      """
      Ognuno sta solo sul cuor della terra
      trafitto da un raggio di sole:

      ed è subito sera.

      — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=

      """.utf8)
    let note = try SignedNote(bytes: bytes)
    #expect(note.text.hasSuffix("sole:\n\ned è subito sera.\n"))
    #expect(note.signatures.map(\.keyID) == [0x367b_a04b])
    #expect(note.bytes == bytes)
  }

  @Test(arguments: [
    (
      6_476_701, "mb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=",
      "Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4nPRYfvimWEPWL+o3GeoWwOoAw="
    ),
    (
      65_209_736, "5+uGFjx6xBZG8ip1+wi77v+grwbhhukIrxEUS8PXvRo=",
      "Az3grnbssgK7ubgFX36gVETtNv0U23qxyAhAMai2QUfeGa3nB/akvkMdlUErfcZz7l/R3cVtYspg3dxXABkGZZKdsQ8="
    ),
  ])
  func checkpointsOfTheGoChecksumDatabaseVerify(
    size: Int, root: String, signature: String
  ) throws {
    let note = try note(
      "go.sum database tree\n\(size)\n\(root)\n\n— sum.golang.org \(signature)\n")
    let key = try LogVerifierKey(text: goText)
    #expect(try note.verifiedKeys(among: [key]) == [key])
    let checkpoint = try Checkpoint(text: note.text)
    #expect(checkpoint.origin == "go.sum database tree")
    #expect(checkpoint.size == size)
    #expect(LogText.base64(checkpoint.root.bytes) == root)
    #expect(checkpoint.text == note.text)
  }

  @Test func theExampleOfCosignaturesIsReadAndWritten() throws {
    let bytes = Array(
      """
      example.com/behind-the-sofa
      20852163
      CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

      — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
      — witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==

      """.utf8)
    let note = try SignedNote(bytes: bytes)
    #expect(note.bytes == bytes)
    #expect(note.signatures.map(\.bytes.count) == [64, 72])
    #expect(try Checkpoint(text: note.text).size == 20_852_163)
  }

  @Test func aWitnessSignsTheTimeAndTheCheckpoint() throws {
    let (log, witness) = (SigningKey(), SigningKey())
    let root = try Digest32(bytes: Array(repeating: 7, count: 32))
    let checkpoint = try Checkpoint(origin: "log.example", size: 3, root: root)
    var note = try SignedNote(text: checkpoint.text)
    try note.sign(with: log, name: "log.example")
    try note.cosign(with: witness, name: "witness.example", time: 1_679_315_147)
    let key = try LogVerifierKey(
      name: "witness.example", publicKeyHex: witness.publicKeyHex, kind: .cosignature)
    #expect(try note.verifiedKeys(among: [key]) == [key])
    let message =
      "cosignature/v1\ntime 1679315147\nlog.example\n3\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n"
    let bytes = try #require(note.signatures.last?.bytes)
    #expect(Array(bytes.prefix(8)) == [0, 0, 0, 0, 0x64, 0x18, 0x50, 0xCB])
    #expect(
      SigningKey.isValid(
        Array(bytes.dropFirst(8)), for: message.utf8, publicKeyHex: witness.publicKeyHex))
    var later = bytes
    later[7] += 1
    #expect(!key.isValid(later, for: note.text))
    #expect(!key.isValid(Array(bytes.dropFirst(8)), for: note.text))
  }
}
