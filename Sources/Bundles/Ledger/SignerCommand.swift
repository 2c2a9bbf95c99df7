import Contributions
import Foundation
import Ledger

/// A command that signs with a key kept elsewhere: a hardware module, a vault, another machine.
///
/// It is started without a shell. On standard input it gets the EIP-712 typed data as one JSON
/// document (what wallets take as `eth_signTypedData_v4`); its last argument is the digest, for
/// signers that take nothing else. On standard output it prints the signature, `0x` and 130
/// hexadecimal digits. Its standard error is passed on.
public struct SignerCommand: RootSigner {
  public let address: EthereumAddress
  private let arguments: [String]

  /// - Parameter command: the program and its arguments, separated by spaces.
  public init(_ command: String, address: EthereumAddress) throws(RootSigningError) {
    arguments = command.split(separator: " ").map(String.init)
    guard !arguments.isEmpty else { throw .signerCommand("it is empty") }
    self.address = address
  }

  public func sign(_ commitment: RootFile.Commitment) throws -> RecoverableSignature {
    let typedData = commitment.typedData.json.bytes
    return try sign(digest: commitment.digest, document: typedData)
  }

  /// The signature of a digest, of which `document` is what the signer may read.
  ///
  /// - Throws: `RootSigningError.signerCommand`.
  public func sign(
    digest: Digest32, document: [UInt8]
  ) throws(RootSigningError) -> RecoverableSignature {
    let output = try run(arguments + [digest.hex], input: document)
    let text = String(decoding: output, as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    do {
      return try RecoverableSignature(hex: text)
    } catch {
      // What it printed is not repeated: it may be a secret.
      throw .signerCommand("what it printed is no signature: \(error)")
    }
  }

  private func run(_ arguments: [String], input: [UInt8]) throws(RootSigningError) -> [UInt8] {
    do {
      let result = try ChildProcess.run(arguments, input: input)
      switch result.ending {
      case .exited(0): return result.output
      case .exited(let status):
        throw RootSigningError.signerCommand("it ended with status \(status)")
      case .signalled(let signal): throw RootSigningError.signerCommand("signal \(signal) ended it")
      case .timedOut: throw RootSigningError.signerCommand("it took too long")
      }
    } catch let error as RootSigningError {
      throw error
    } catch {
      throw .signerCommand("\(error)")
    }
  }
}
