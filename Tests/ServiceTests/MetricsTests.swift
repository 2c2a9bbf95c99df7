import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Metering
import Testing

@testable import Service

@Suite struct MetricsTests {
  private func metrics(
    _ fixture: DeskFixture, _ token: String?, headers more: HTTPFields = [:]
  ) async throws -> TestResponse {
    var headers = more
    if let token { headers[.authorization] = "Bearer \(token)" }
    return try await fixture.send("/metrics", .get, headers: headers, body: nil)
  }

  private static let token = "0123456789abcdef"

  @Test func theFiguresAreThereForTheTokenOnly() async throws {
    let fixture = try await DeskFixture { $0.metricsToken = Self.token }
    for token in [nil, "", "x", String(Self.token.dropLast()), Self.token + "0"] {
      #expect(try await metrics(fixture, token).status == .notFound)
    }
    let answer = try await metrics(fixture, Self.token)
    #expect(answer.status == .ok)
    #expect(answer.headers[.contentType] == PrometheusText.contentType)
  }

  @Test func withoutATokenAnythingButThisMachineIsRefused() async throws {
    // The connection of these tests has no address at all.
    let fixture = try await DeskFixture()
    #expect(try await metrics(fixture, nil).status == .notFound)
  }

  @Test func requestsAreCountedByTemplateAndStatusWithoutNamesOrNumbers() async throws {
    let fixture = try await DeskFixture { $0.metricsToken = Self.token }
    for path in ["/items/1", "/items/2", "/items/9999", "/nothing/secret-name"] {
      _ = try await fixture.get(path, as: .viewer)
    }
    _ = try await fixture.get("/welcome/0123", as: nil)
    let text = try await metrics(fixture, Self.token).text
    for line in [
      #"assay_desk_requests_total{method="GET",route="/items/{id}",status="200"} 2"#,
      #"assay_desk_requests_total{method="GET",route="/items/{id}",status="404"} 1"#,
      #"assay_desk_requests_total{method="GET",route="NotFound",status="404"} 1"#,
      #"assay_desk_request_seconds_count{route="/items/{id}"} 3"#,
      #"assay_desk_queue_items{state="open"} 3"#, #"assay_desk_queue_items{state="taken"} 0"#,
      "# TYPE assay_desk_store_bytes gauge", "# TYPE process_open_fds gauge",
    ] {
      #expect(text.contains(line + "\n"), "\(line)")
    }
    #expect(!text.contains("secret-name") && !text.contains("9999") && !text.contains("0123"))
  }

  @Test func refusedSignInsAreCountedByTheirReason() async throws {
    let front = try await FrontFixture { $0.metricsToken = Self.token }
    _ = try await front.get("/", "x")
    _ = try await front.get("/", front.token(["aud": "other"]))
    _ = try await front.get("/", front.token(["groups": []]))
    let text = try await metrics(front.desk, Self.token).text
    for reason in ["front_malformed", "front_audience", "front_role"] {
      #expect(
        text.contains("assay_desk_sign_in_failures_total{reason=\"\(reason)\"} 1\n"), "\(reason)")
    }
  }
}
