/// What is wrong with bytes that a client sent; the connection they came over is closed.
package enum ProtocolError: Error, Equatable, CustomStringConvertible {
    case truncated(needed: Int, remaining: Int)
    case negativeLength(Int)
    case null(String)
    case invalidUTF8
    case varintTooLong
    case arrayTooLong(count: Int, remaining: Int)
    case frameTooLarge(size: Int, limit: Int)
    case unknownAPI(Int16)
    case unsupportedVersion(api: APIKey, version: Int16)
    case invalidValue(String)

    package var description: String {
        switch self {
        case .truncated(let needed, let remaining): "\(needed) bytes announced, \(remaining) left"
        case .negativeLength(let length): "length \(length)"
        case .null(let field): "\(field) must not be null"
        case .invalidUTF8: "a string is not UTF-8"
        case .varintTooLong: "a variable-length integer does not end"
        case .arrayTooLong(let count, let remaining): "\(count) elements cannot stand in \(remaining) bytes"
        case .frameTooLarge(let size, let limit): "request of \(size) bytes, allowed are \(limit)"
        case .unknownAPI(let key): "API key \(key) is unknown"
        case .unsupportedVersion(let api, let version): "\(api) version \(version) is not supported"
        case .invalidValue(let what): what
        }
    }
}
