internal import Foundation

extension TopologyManifest {
    /// The manifest as text: sorted and indented, so that a version control system shows what changed.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }

    /// Reads what ``json()`` wrote.
    ///
    /// - Throws: ``StreamsError`` with `invalidTopology` for what is no manifest, or one of a later form than this version knows.
    public init(json: String) throws {
        let data = Data(json.utf8)
        do {
            // The version first: a later form may not even decode.
            let format = try JSONDecoder().decode(FormatOnly.self, from: data).format
            guard format <= Self.currentFormat else {
                throw StreamsError(
                    .invalidTopology,
                    "the manifest has form \(format), this version reads \(Self.currentFormat) and earlier: use a later version"
                )
            }
            self = try JSONDecoder().decode(TopologyManifest.self, from: data)
        } catch let error as StreamsError {
            throw error
        } catch {
            throw StreamsError(
                .invalidTopology, "this is no topology manifest: write one with Topology.manifest().json()",
                cause: error)
        }
    }

    private struct FormatOnly: Decodable {
        var format: Int
    }
}
