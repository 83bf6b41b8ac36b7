using System.IO.Compression;
using Grpc.Net.Compression;

namespace HostAgent.Conformance.Server;

/// <summary>gzip that counts for the call it works for. Nothing else shows a service whether a message was compressed.</summary>
internal sealed class CountingGzip : ICompressionProvider
{
    private readonly GzipCompressionProvider _gzip = new(CompressionLevel.Fastest);

    public string EncodingName => _gzip.EncodingName;

    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel)
    {
        CallObservation.Current?.CountCompressed();
        return _gzip.CreateCompressionStream(stream, compressionLevel);
    }

    public Stream CreateDecompressionStream(Stream stream)
    {
        CallObservation.Current?.CountDecompressed();
        return _gzip.CreateDecompressionStream(stream);
    }
}
