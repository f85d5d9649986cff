internal import Foundation

/// A request to whichever registry of the cluster.
struct RegistryRequest: Sendable {
    /// `GET` or `POST`.
    var method: String
    /// The path below the registry's URL.
    var path: String
    /// The JSON that is sent.
    var body: Data?

    private init(_ method: String, _ path: [String], query: String = "", body: Data? = nil) {
        self.method = method
        self.path = path.map { "/" + Self.escaped($0) }.joined() + query
        self.body = body
    }

    static func schema(id: Int32) -> RegistryRequest {
        RegistryRequest("GET", ["schemas", "ids", String(id)])
    }

    static func version(_ version: SchemaVersion, of subject: String) -> RegistryRequest {
        RegistryRequest("GET", ["subjects", subject, "versions", version.path])
    }

    static func versions(of subject: String) -> RegistryRequest {
        RegistryRequest("GET", ["subjects", subject, "versions"])
    }

    static func register(_ schema: Schema, under subject: String) -> RegistryRequest {
        RegistryRequest("POST", ["subjects", subject, "versions"], body: SchemaBody(schema).json)
    }

    static func lookUp(_ schema: Schema, under subject: String) -> RegistryRequest {
        RegistryRequest("POST", ["subjects", subject], body: SchemaBody(schema).json)
    }

    static func compatibility(of schema: Schema, with version: SchemaVersion, of subject: String) -> RegistryRequest {
        RegistryRequest(
            "POST",
            ["compatibility", "subjects", subject, "versions", version.path],
            query: "?verbose=true",
            body: SchemaBody(schema).json
        )
    }

    /// A part of a path: whatever a subject is called, it stays one part.
    private static func escaped(_ part: String) -> String {
        var escaped = ""
        for byte in part.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                escaped += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return escaped
    }
}
