import Foundation
import Logging
import NIOCertificateReloading
import NIOSSL
import Synchronization
import VerifierService

/// A certificate and its key in PEM files, read again within a second after they changed.
///
/// Files that cannot be used, such as a certificate whose key has not been replaced yet, change
/// nothing. They are not read by a handshake: BoringSSL keeps errors by thread, and a file that cannot
/// be used would end the handshake that tried it.
final class CertificateFiles: CertificateReloader {
  private struct Identity {
    let chain: [NIOSSLCertificate]
    let key: NIOSSLPrivateKey
  }

  /// What tells one state of the files from another.
  private struct Stamp: Equatable {
    let times: [Date?]
    let sizes: [Int?]

    init(_ paths: [String]) {
      let found = paths.map { try? FileManager.default.attributesOfItem(atPath: $0) }
      times = found.map { $0?[.modificationDate] as? Date }
      sizes = found.map { $0?[.size] as? Int }
    }
  }

  private let files: GRPCConfiguration.TLS
  private let logger: Logger
  private let current: Mutex<(identity: Identity, stamp: Stamp)>

  /// - Throws: `SetupError` naming the file.
  init(_ files: GRPCConfiguration.TLS, logger: Logger) throws(SetupError) {
    self.files = files
    self.logger = logger
    let stamp = Stamp([files.certificate, files.key])
    current = Mutex((try Self.read(files), stamp))
  }

  var sslContextConfigurationOverride: NIOSSLContextConfigurationOverride {
    let identity = current.withLock { $0.identity }
    var override = NIOSSLContextConfigurationOverride()
    override.certificateChain = identity.chain.map { .certificate($0) }
    override.privateKey = .privateKey(identity.key)
    return override
  }

  /// Looks after the files until the task is cancelled.
  func watch() async {
    while (try? await Task.sleep(for: .seconds(1))) != nil { refresh() }
  }

  private func refresh() {
    let stamp = Stamp([files.certificate, files.key])
    guard current.withLock({ $0.stamp != stamp }) else { return }
    do throws(SetupError) {
      let identity = try Self.read(files)
      current.withLock { $0 = (identity, stamp) }
      logger.notice("gRPC uses the new certificate", metadata: ["file": "\(files.certificate)"])
    } catch {
      current.withLock { $0.stamp = stamp }
      logger.error("gRPC keeps its certificate", metadata: ["error": "\(error)"])
    }
  }

  private static func read(_ files: GRPCConfiguration.TLS) throws(SetupError) -> Identity {
    let chain = try certificates(files.certificate)
    do {
      let key = try NIOSSLPrivateKey(file: files.key, format: .pem)
      // Making a context is what checks that the two belong together.
      _ = try NIOSSLContext(
        configuration: .makeServerConfiguration(
          certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key)))
      return Identity(chain: chain, key: key)
    } catch {
      throw SetupError(
        path: files.key, "is not the private key (PEM) of \(files.certificate): \(error)")
    }
  }

  /// - Throws: `SetupError` for a file without one.
  @discardableResult
  static func certificates(_ path: String) throws(SetupError) -> [NIOSSLCertificate] {
    let found = try? NIOSSLCertificate.fromPEMFile(path)
    guard let found, !found.isEmpty else {
      throw SetupError(path: path, "holds no certificate (PEM)")
    }
    return found
  }
}
