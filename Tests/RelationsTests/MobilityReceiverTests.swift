import Testing

@testable import Profiles
@testable import Relations

@Suite struct MobilityReceiverTests {
  /// Forty nodes whose figures last, and one.
  private func codes(
    _ receiver: MobilityTrace.Receiver, peersKeep: Double = 0.8, model: String = "Peer 1"
  ) async throws -> Set<String> {
    let peers = (0..<40).map { index in
      MobilityPath(seed: 900 + UInt64(index)).node(
        "peer\(index)",
        receiver: .init(
          interval: 20, count: 90, dilution: peersKeep + 0.002 * Double(index),
          satellites: peersKeep, model: model))
    }
    let one = MobilityPath(seed: 880).node("one", receiver: receiver)
    return try await mobilityCodes([one] + peers)[0]
  }

  private func drawn(
    dilution: Double = 0.03, satellites: Double = -0.05, interval: Double = 15
  ) -> MobilityTrace.Receiver {
    .init(
      interval: interval, count: 80, dilution: dilution, satellites: satellites, model: "Own 2")
  }

  @Test func figuresDrawnForEachFixHold() async throws {
    #expect(try await codes(drawn()) == ["M2_WITHOUT_MEMORY"])
    #expect(try await codes(drawn(satellites: .nan)) == ["M2_WITHOUT_MEMORY"])
  }

  @Test func onlyWherePeersRemember() async throws {
    #expect(try await codes(drawn(), peersKeep: 0.1).isEmpty)
    #expect(try await codes(drawn(interval: 200)).isEmpty)
  }

  @Test func satellitesThatLastPass() async throws {
    #expect(try await codes(drawn(satellites: 0.7)).isEmpty)
    #expect(try await codes(drawn(dilution: 0.6)).isEmpty)
  }

  @Test func firmwareThatForgetsPasses() async throws {
    let own = (0..<4).map {
      MobilityPath(seed: 700 + UInt64($0)).node("own\($0)", receiver: drawn())
    }
    let peers = (0..<40).map {
      MobilityPath(seed: 900 + UInt64($0)).node(
        "peer\($0)",
        receiver: .init(interval: 20, count: 90, dilution: 0.8, satellites: 0.8, model: "Peer 1"))
    }
    #expect(try await mobilityCodes(own + peers).allSatisfy { $0.isEmpty })
  }
}
