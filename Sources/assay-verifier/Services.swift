import Logging
import ServiceLifecycle
import UnixSignals
import VerifierGRPC
import VerifierService

/// Says at once that the end is near, and gives those who look a while to go elsewhere.
struct DrainService: Service {
  let host: VerifierHost
  let seconds: Int

  func run() async throws {
    try? await gracefulShutdown()
    host.drain()
    try? await Task.sleep(for: .seconds(seconds))
  }
}

/// Loads files anew at SIGHUP.
struct ReloadService: Service {
  let server: VerifierServer
  let logger: Logger

  func run() async throws {
    let signals = await UnixSignalsSequence(trapping: .sighup)
    for await _ in signals.cancelOnGracefulShutdown() {
      do throws(SetupError) {
        try await server.reload()
      } catch {
        logger.error("SIGHUP changed nothing", metadata: ["error": "\(error)"])
      }
    }
  }
}

/// Lets the candidate judge; ends with what waits.
struct CandidateService: Service {
  let host: VerifierHost

  func run() async throws {
    await withGracefulShutdownHandler {
      await host.run()
    } onGracefulShutdown: {
      host.stop()
    }
  }
}

/// gRPC, which says its port once it listens.
struct GRPCService: Service {
  let server: VerifierGRPCServer
  let address: String

  func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        if let port = try await server.port {
          Console.print("listening: grpc://\(address):\(port)")
        }
      }
      try await server.run()
    }
  }
}
