import Metrics
import Testing

@testable import Metering

/// The examples are those of the format's own page,
/// https://prometheus.io/docs/instrumenting/exposition_formats/, without their time stamps.
@Suite struct RenderingTests {
  static func text(_ registry: PrometheusRegistry) -> String {
    String(decoding: registry.render(), as: UTF8.self)
  }

  @Test func countersAreRenderedAsInTheFormatsExample() {
    let registry = PrometheusRegistry([
      MetricDescription("http_requests_total", help: "The total number of HTTP requests.")
    ])
    let label = "http_requests_total"
    Counter(label: label, dimensions: [("method", "post"), ("code", "200")], factory: registry)
      .increment(by: 1027)
    Counter(label: label, dimensions: [("method", "post"), ("code", "400")], factory: registry)
      .increment(by: 3)
    #expect(
      Self.text(registry) == """
        # HELP http_requests_total The total number of HTTP requests.
        # TYPE http_requests_total counter
        http_requests_total{code="200",method="post"} 1027
        http_requests_total{code="400",method="post"} 3

        """)
  }

  @Test func labelValuesAreEscapedAsInTheFormatsExample() {
    let registry = PrometheusRegistry()
    let dimensions = [
      ("path", "C:\\DIR\\FILE.TXT"), ("error", "Cannot find file:\n\"FILE.TXT\""),
    ]
    Gauge(label: "msdos_file_access_time_seconds", dimensions: dimensions, factory: registry)
      .record(1.458255915e9)
    let line =
      #"msdos_file_access_time_seconds{error="Cannot find file:\n\"FILE.TXT\"","#
      + #"path="C:\\DIR\\FILE.TXT"} 1458255915"#
    #expect(Self.text(registry).hasSuffix("gauge\n" + line + "\n"))
  }

  @Test func aHistogramIsRenderedAsInTheFormatsExample() {
    let name = "http_request_duration_seconds"
    let registry = PrometheusRegistry([
      MetricDescription(
        name, help: "A histogram of the request duration.",
        buckets: [1, 0.05, 0.1, .infinity, 0.2, 0.5, 0.5, .nan])
    ])
    let timer = Timer(label: name, factory: registry)
    let values = [
      (24_054, 50), (9_390, 100), (66_948, 200), (28_997, 500), (4_599, 1_000), (10_331, 1_500),
    ]
    for (count, milliseconds) in values {
      for _ in 0..<count { timer.recordMilliseconds(milliseconds) }
    }
    let sum = values.reduce(0) { $0 + $1.0 * $1.1 }
    timer.recordMilliseconds(53_423_000 - sum)
    #expect(
      Self.text(registry) == """
        # HELP http_request_duration_seconds A histogram of the request duration.
        # TYPE http_request_duration_seconds histogram
        http_request_duration_seconds_bucket{le="0.05"} 24054
        http_request_duration_seconds_bucket{le="0.1"} 33444
        http_request_duration_seconds_bucket{le="0.2"} 100392
        http_request_duration_seconds_bucket{le="0.5"} 129389
        http_request_duration_seconds_bucket{le="1"} 133988
        http_request_duration_seconds_bucket{le="+Inf"} 144320
        http_request_duration_seconds_sum 53423
        http_request_duration_seconds_count 144320

        """)
  }

  @Test(arguments: [
    (Double.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (12.47, "12.47"), (0, "0"),
    (-0.5, "-0.5"), (1e300, "1e+300"), (9_007_199_254_740_991, "9007199254740991"), (-3, "-3"),
    (1e17, "1e+17"),
  ])
  func numbersAreWrittenAsTheFormatReadsThem(_ pair: (Double, String)) {
    let registry = PrometheusRegistry()
    Gauge(label: "g", factory: registry).record(pair.0)
    #expect(Self.text(registry) == "# TYPE g gauge\ng \(pair.1)\n")
  }

  @Test func helpIsEscapedButQuotesInItAreNot() {
    let registry = PrometheusRegistry([MetricDescription("a", help: "A \"b\"\\c\nd")])
    Counter(label: "a", factory: registry).increment()
    #expect(Self.text(registry) == "# HELP a A \"b\"\\\\c\\nd\n# TYPE a counter\na 1\n")
  }

  @Test(arguments: [
    ("http.server-requests", "http_server_requests"), ("9lives", "_9lives"), ("", "_"),
    ("a:b", "a:b"), ("é", "_"), ("a b\n", "a_b_"),
  ])
  func namesBecomeNamesOfTheFormat(_ pair: (String, String)) {
    #expect(PrometheusName.metric(pair.0) == pair.1)
  }

  @Test func labelsOfOneNameAreOneAndReservedNamesAreMoved() {
    let dimensions = [("le", "1"), ("a.b", "first"), ("a_b", "second"), ("__name__", "x")]
    #expect(
      PrometheusName.labels(dimensions, of: .histogram)
        == #"a_b="first",exported_le="1",label__name__="x""#)
    #expect(PrometheusName.labels([("le", "1")], of: .counter) == #"le="1""#)
  }

  @Test func longLabelValuesAreCut() {
    let text = PrometheusName.labels([("a", String(repeating: "é", count: 500))], of: .gauge)
    #expect(text.count == 128 + 4)
  }

  @Test func theOrderOfDimensionsMakesNoOtherSeries() {
    let registry = PrometheusRegistry()
    Counter(label: "a", dimensions: [("x", "1"), ("y", "2")], factory: registry).increment()
    Counter(label: "a", dimensions: [("y", "2"), ("x", "1")], factory: registry).increment()
    #expect(Self.text(registry) == "# TYPE a counter\na{x=\"1\",y=\"2\"} 2\n")
  }

  @Test func figuresOfTheProcessAreReadFromWhatTheSystemSays() throws {
    // The example of proc(5)'s format with a name that has spaces and parentheses.
    let stat =
      "42 (a b) c) S 1 42 42 0 -1 4194560 1 0 0 0 150 50 0 0 20 0 3 0 1000 8192000 200 1 2 3"
    let figures = try #require(
      ProcessFigures(stat: stat, kernel: "cpu 1\nbtime 1700000000\n", openFiles: 7))
    #expect(figures.cpuSeconds == 2 && figures.startTime == 1_700_000_010)
    #expect(figures.virtualBytes == 8_192_000 && figures.residentBytes == 200 * 4096)
    #expect(ProcessFigures(stat: "42 (a", kernel: "", openFiles: 0) == nil)
    let now = try #require(ProcessFigures.current())
    let text = String(decoding: PrometheusRegistry().render(process: now), as: UTF8.self)
    #expect(text.contains("\nprocess_resident_memory_bytes ") && now.residentBytes > 1_000_000)
  }
}
