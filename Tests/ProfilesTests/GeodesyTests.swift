import ExactMath
import Testing

@testable import Profiles

private func place(_ latitude: Double, _ longitude: Double) throws -> Position {
  try #require(Position(latitude, longitude))
}

/// Geodesics on WGS 84 by Vincenty's formulae, in metres.
@Test(arguments: [
  (48.8566, 2.3522, 51.5074, -0.1278, 343_923.0),
  (40.7128, -74.006, 51.5074, -0.1278, 5_585_234.0),
  (-33.8688, 151.2093, -36.8485, 174.7633, 2_160_509.0),
  (0, 0, 0, 1, 111_319.5),
  (0, 0, 1, 0, 110_574.4),
])
func distancesAreWithinSixPerMilleOfTheGeodesic(
  _ known: (Double, Double, Double, Double, Double)
) throws {
  let metres = try place(known.0, known.1).distance(to: place(known.2, known.3))
  #expect((metres / known.4 - 1).magnitude < 0.006)
}

@Test func parisToLondonOnTheMeanSphere() throws {
  // 343.56 km: the haversine of the two city centres on a sphere of 6371.0088 km.
  let metres = try place(48.8566, 2.3522).distance(to: place(51.5074, -0.1278))
  #expect((metres - 343_557).magnitude < 100)
}

@Test func antipodesAreHalfACircumferenceApart() throws {
  let half = Double.pi * Position.earthRadius
  for (latitude, longitude) in [(0.0, 0.0), (12.5, 40.0), (-51.0, 179.0), (90.0, 0.0)] {
    let here = try place(latitude, longitude)
    let there = try place(-latitude, longitude > 0 ? longitude - 180 : longitude + 180)
    #expect((here.distance(to: there) - half).magnitude < 1)
  }
}

@Test func aPoleHasNoLongitude() throws {
  for longitude in stride(from: -180.0, through: 180, by: 30) {
    #expect(try place(90, 0).distance(to: place(90, longitude)) < 1e-6)
    let quarter = try place(-90, longitude).distance(to: place(0, 17))
    #expect((quarter - Double.pi * Position.earthRadius / 2).magnitude < 1)
  }
}

@Test func theSamePointIsExactlyZeroAway() throws {
  var random = ComputeRandom(state: 4)
  for _ in 0..<200 {
    let here = try place(
      .random(in: -90...90, using: &random), .random(in: -180...180, using: &random))
    #expect(here.distance(to: here) == 0)
  }
}

@Test func theDateLineIsNoBarrier() throws {
  let metres = try place(0, 179.5).distance(to: place(0, -179.5))
  #expect((metres - 111_195).magnitude < 1)
  #expect(try place(10, 180).distance(to: place(10, -180)) < 1e-6)
}

@Test func distanceIsSymmetricAndKeepsTheTriangle() throws {
  var random = ComputeRandom(state: 9)
  for _ in 0..<200 {
    let corners = try (0..<3).map { _ in
      try place(.random(in: -90...90, using: &random), .random(in: -180...180, using: &random))
    }
    let ab = corners[0].distance(to: corners[1])
    let bc = corners[1].distance(to: corners[2])
    let ca = corners[2].distance(to: corners[0])
    #expect((ab - corners[1].distance(to: corners[0])).magnitude < 1e-6)
    #expect(ab <= bc + ca + 1e-6)
    #expect(ab <= Double.pi * Position.earthRadius + 1)
  }
}

@Test func halfAPositionIsNone() {
  #expect(Position(1, nil) == nil)
  #expect(Position(nil, 1) == nil)
  #expect(Position(.nan, 1) == nil)
  #expect(Position(1, .nan) == nil)
}
