import Foundation
import Ledger
import Testing

@testable import Bundles

@Suite struct RootSigningCommandTests {
  /// A script in a folder of its own, and the command that runs it.
  private struct Script {
    let folder: TemporaryFolder
    let address: EthereumAddress

    init(_ text: String, address: EthereumAddress) throws {
      folder = try TemporaryFolder()
      self.address = address
      try folder.write(Array(text.utf8), to: "sign.sh")
    }

    var command: SignerCommand {
      get throws { try SignerCommand("sh  \(folder.path)/sign.sh extra", address: address) }
    }
  }

  private func error(_ script: String) throws -> String {
    let fixture = try SigningFixture()
    let signer = try Script(script, address: fixture.ledger.keys[0].address)
    let error = #expect(throws: RootSigningError.self) {
      try RootSigning.sign(
        fixture.bundle, for: fixture.ledger.configuration, parent: .zero, by: signer.command)
    }
    #expect(try fixture.bundle.rootFile().commitment == nil)
    return error?.description ?? ""
  }

  @Test func aCommandSignsWithAKeyKeptElsewhere() throws {
    let fixture = try SigningFixture()
    let commitment = try RootSigning.commitment(
      of: fixture.bundle, for: fixture.ledger.configuration, parent: .zero)
    let signature = try fixture.ledger.keys[1].sign(commitment.digest)
    let script = try Script(
      """
      cat > "$(dirname "$0")/document"
      printf '%s' "$*" > "$(dirname "$0")/arguments"
      echo
      echo '  \(signature.hex)'
      """, address: fixture.ledger.keys[1].address)
    let signed = try RootSigning.sign(
      fixture.bundle, for: fixture.ledger.configuration, parent: .zero, by: script.command)
    #expect(signed.signatures == [signature])
    let document = try BundleReader(path: script.folder.path).stored("document")
    #expect(document == commitment.typedData.json.bytes)
    let arguments = try BundleReader(path: script.folder.path).stored("arguments")
    #expect(String(decoding: arguments, as: UTF8.self) == "extra \(commitment.digest.hex)")
    #expect(try BundleVerifier.verify(path: fixture.bundle.path).failures == [])
  }

  @Test func aCommandThatFailsIsTold() throws {
    #expect(try error("exit 3").contains("ended with status 3"))
    let valid = "0x" + String(repeating: "11", count: 64) + "1b"
    #expect(try error("echo \(valid); exit 1").contains("ended with status 1"))
    #expect(try error("kill -9 $$").contains("signal 9"))
  }

  @Test func whatItPrintsIsNotRepeated() throws {
    for text in ["s3cret", "0xs3cret", "0x" + String(repeating: "0", count: 130), ""] {
      let told = try error("echo '\(text)'")
      #expect(told.contains("what it printed is no signature"))
      #expect(text.isEmpty || !told.contains(text))
    }
  }

  @Test func muchOutputIsNoSignatureEither() throws {
    #expect(
      try error("head -c 3000000 /dev/zero | tr '\\\\0' x").contains("is no signature"))
  }

  @Test func anothersSignatureIsRefused() throws {
    let fixture = try SigningFixture()
    let commitment = try RootSigning.commitment(
      of: fixture.bundle, for: fixture.ledger.configuration, parent: .zero)
    let other = try fixture.ledger.keys[1].sign(commitment.digest)
    #expect(try error("echo \(other.hex)").contains("is not that of"))
  }

  @Test func aProgramThatIsNotThereIsTold() throws {
    let command = try SignerCommand("no-such-program-at-all", address: .zero)
    #expect(
      throws: RootSigningError.signerCommand("no-such-program-at-all: No such file or directory")
    ) {
      try command.sign(digest: .zero, document: [])
    }
    for empty in ["", "   "] {
      #expect(throws: RootSigningError.signerCommand("it is empty")) {
        try SignerCommand(empty, address: .zero)
      }
    }
  }

  /// Neither a signal nor a wait, however large the document.
  @Test func aCommandNeedNotReadTheDocument() throws {
    let command = try SignerCommand("true", address: .zero)
    for size in [0, 100, 1_000_000] {
      #expect(throws: RootSigningError.self) {
        try command.sign(digest: .zero, document: Array(repeating: 32, count: size))
      }
    }
  }
}
