/// Something that ends a sample, told in one line.
package struct SampleError: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) {
        self.description = description
    }
}
