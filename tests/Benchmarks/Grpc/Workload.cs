using System.Globalization;
using System.Text.Json.Serialization;

namespace HostAgent.Benchmarks.Grpc;

/// <summary>What is measured.</summary>
/// <param name="Kind"><c>unary</c>: calls; <c>stream</c>: messages of streams that never end; <c>open</c>: streams of one message.</param>
/// <param name="Concurrency">How many calls or streams at once.</param>
/// <param name="Bytes">The size of a message's body.</param>
internal sealed record Workload(string Kind, int Concurrency, int Bytes)
{
    public static readonly IReadOnlyList<Workload> All =
    [
        new("unary", 64, 100),
        new("unary", 1, 100),
        new("stream", 1, 100),
        new("stream", 8, 100),
        new("stream", 1000, 100),
        new("stream", 1, 8192),
        new("stream", 8, 8192),
        new("stream", 1000, 8192),
        new("open", 32, 100),
    ];

    /// <summary>It in words.</summary>
    [JsonIgnore]
    public string Description => Kind switch
    {
        "unary" => $"unary calls, {Concurrency} at once, {Bytes} B",
        "stream" => string.Create(CultureInfo.InvariantCulture, $"streamed messages, {Concurrency:N0} {(Concurrency == 1 ? "stream" : "streams")}, {Bytes:N0} B"),
        _ => $"streams opened and read to their end, {Concurrency} at once",
    };

    /// <summary>The form in which all implementations take it.</summary>
    public override string ToString() => $"{Kind}:{Concurrency}:{Bytes}";

    public static Workload Parse(string text) => text.Split(':') is [var kind, var concurrency, var bytes]
        ? new Workload(kind, int.Parse(concurrency, CultureInfo.InvariantCulture), int.Parse(bytes, CultureInfo.InvariantCulture))
        : throw new FormatException($"workload '{text}' is not of the form kind:concurrency:bytes");

    public static TimeSpan ParseSeconds(string text) => TimeSpan.FromSeconds(double.Parse(text.AsSpan().TrimEnd('s'), CultureInfo.InvariantCulture));
}
