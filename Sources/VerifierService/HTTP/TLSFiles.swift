import Foundation
import NIOCore
import NIOSSL
import Synchronization

/// Certificate and key of a server, and who signs for its clients, as PEM files.
public struct TLSFiles: Sendable, Equatable {
  /// The certificate, followed by those that lead to its root.
  public var certificate: String
  public var key: String
  /// The authorities of clients; a client without a certificate of theirs is refused (mTLS). `nil`
  /// lets anybody connect.
  public var clientAuthorities: String?

  public init(certificate: String, key: String, clientAuthorities: String? = nil) {
    self.certificate = certificate
    self.key = key
    self.clientAuthorities = clientAuthorities
  }

  /// What handshakes use: the chain and its key.
  struct Identity: Sendable {
    let chain: [NIOSSLCertificate]
    let key: NIOSSLPrivateKey
  }

  /// - Throws: `SetupError` naming the file.
  func identity() throws(SetupError) -> Identity {
    let chain = try Self.certificates(certificate)
    do {
      let key = try NIOSSLPrivateKey(file: key, format: .pem)
      // A key that is not the certificate's is found here and not by the first client.
      _ = try NIOSSLContext(
        configuration: .makeServerConfiguration(
          certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key)))
      return Identity(chain: chain, key: key)
    } catch {
      throw SetupError(path: key, "is not the private key (PEM) of \(certificate): \(error)")
    }
  }

  static func certificates(_ path: String) throws(SetupError) -> [NIOSSLCertificate] {
    let found = try? NIOSSLCertificate.fromPEMFile(path)
    guard let found, !found.isEmpty else {
      throw SetupError(path: path, "holds no certificate (PEM)")
    }
    return found
  }
}

/// The certificate in use, which can be another for later handshakes while the server runs.
///
/// Clients' authorities stay as they were at the start.
final class ServerCertificate: Sendable {
  private let files: TLSFiles
  private let current: Mutex<TLSFiles.Identity>
  private let authorities: [NIOSSLCertificate]?

  /// - Throws: `SetupError` naming the file.
  init(_ files: TLSFiles) throws(SetupError) {
    self.files = files
    current = Mutex(try files.identity())
    authorities = try files.clientAuthorities.map { path throws(SetupError) in
      try TLSFiles.certificates(path)
    }
  }

  /// - Throws: `SetupError` naming the file.
  func read() throws(SetupError) -> TLSFiles.Identity { try files.identity() }

  /// Handshakes from now on use `identity`.
  func use(_ identity: TLSFiles.Identity) {
    current.withLock { $0 = identity }
  }

  /// TLS 1.2 and later.
  var configuration: TLSConfiguration {
    let identity = current.withLock { $0 }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: identity.chain.map { .certificate($0) },
      privateKey: .privateKey(identity.key))
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["http/1.1"]
    if let authorities {
      configuration.trustRoots = .certificates(authorities)
      configuration.certificateVerification = .noHostnameVerification
    }
    configuration.sslContextCallback = { [self] _, promise in
      let identity = current.withLock { $0 }
      var override = NIOSSLContextConfigurationOverride()
      override.certificateChain = identity.chain.map { .certificate($0) }
      override.privateKey = .privateKey(identity.key)
      promise.succeed(override)
    }
    return configuration
  }
}
