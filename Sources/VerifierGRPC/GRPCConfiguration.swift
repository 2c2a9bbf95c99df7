import GRPCNIOTransportHTTP2
import VerifierService

/// Where and how the gRPC side listens.
public struct GRPCConfiguration: Sendable {
  /// PEM files; the same ones as the HTTP side's. The certificate and its key may be replaced while
  /// the server runs.
  public struct TLS: Sendable, Equatable {
    /// The certificate, and after it those that lead to a root.
    public var certificate: String
    /// Its private key.
    public var key: String
    /// Whose certificates callers must have; `nil` asks them for none.
    public var clientCA: String?

    public init(certificate: String, key: String, clientCA: String? = nil) {
      self.certificate = certificate
      self.key = key
      self.clientCA = clientCA
    }
  }

  /// An IPv4 or IPv6 address, or `localhost`.
  public var address: String
  /// 0 takes a free one.
  public var port: Int
  /// `nil` for plain text.
  public var tls: TLS?
  /// Requests of one stream that are worked on at once; twice the cores of a small machine, so that
  /// one stream alone can keep it busy.
  public var streamWindow = 4
  /// Open connections; further ones wait until one is closed.
  public var maxConnections = 512
  /// Calls open at once on one connection; callers wait with further ones.
  public var maxCallsPerConnection = 100

  public init(address: String = "127.0.0.1", port: Int, tls: TLS? = nil) {
    self.address = address
    self.port = port
    self.tls = tls
  }

  var socketAddress: SocketAddress {
    if address.contains(":") { return .ipv6(host: address, port: port) }
    return .ipv4(host: address == "localhost" ? "127.0.0.1" : address, port: port)
  }

  /// - Parameter certificate: of `tls`; `nil` for plain text.
  func security(
    _ certificate: CertificateFiles?
  ) throws -> HTTP2ServerTransport.Posix.TransportSecurity {
    guard let certificate else { return .plaintext }
    guard let clientCA = tls?.clientCA else { return try .tls(certificateReloader: certificate) }
    try CertificateFiles.certificates(clientCA)
    return try .mTLS(certificateReloader: certificate) { config in
      config.trustRoots = .certificates([.file(path: clientCA, format: .pem)])
    }
  }
}
