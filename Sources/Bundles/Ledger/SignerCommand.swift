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
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["--"] + arguments
    let standardOutput = Pipe()
    process.standardOutput = standardOutput
    do {
      process.standardInput = try Self.file(holding: input)
      try process.run()
      let output = try standardOutput.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      guard process.terminationReason == .exit, process.terminationStatus == 0 else {
        throw RootSigningError.signerCommand("it ended with status \(process.terminationStatus)")
      }
      return Array(output)
    } catch let error as RootSigningError {
      throw error
    } catch let error as BundleError {
      throw .signerCommand("\(error)")
    } catch {
      throw .signerCommand(error.localizedDescription)
    }
  }

  /// A file without a name, to be read from its beginning. Unlike a pipe it neither waits for a
  /// reader nor raises a signal when there is none.
  private static func file(holding bytes: [UInt8]) throws -> FileHandle {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("assay-\(UUID().uuidString)").path
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw BundleError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    unlink(path)
    try AtomicFile.write(bytes, to: descriptor, path: path)
    try file.seek(toOffset: 0)
    return file
  }
}
