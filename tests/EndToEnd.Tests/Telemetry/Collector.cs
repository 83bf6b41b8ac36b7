using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using HostAgent.Tests.Shared;

namespace HostAgent.EndToEnd.Tests.Telemetry;

/// <summary>A collector of OTLP over HTTP, of which only this is read: which spans and which instruments it was sent.</summary>
internal sealed class Collector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<CollectedSpan> _spans = new();
    private readonly ConcurrentDictionary<string, string> _instruments = new(StringComparer.Ordinal);
    private readonly Task _loop;

    public Collector()
    {
        Address = new Uri($"http://127.0.0.1:{PostgreSqlServer.FreePort()}");
        _listener.Prefixes.Add(Address.AbsoluteUri);
        _listener.Start();
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Where it is.</summary>
    public Uri Address { get; }

    /// <summary>The variables that make a process send to it, soon.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address.AbsoluteUri,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
    };

    /// <summary>The spans so far.</summary>
    public IReadOnlyList<CollectedSpan> Spans => [.. _spans];

    /// <summary>The instruments so far, with their units.</summary>
    public IReadOnlyDictionary<string, string> Instruments => _instruments;

    public void Dispose()
    {
        _listener.Stop();
        _loop.GetAwaiter().GetResult();
        _listener.Close();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            if (context.Request.Url!.AbsolutePath.EndsWith("/v1/traces", StringComparison.Ordinal))
            {
                ReadTraces(body.ToArray());
            }
            else if (context.Request.Url!.AbsolutePath.EndsWith("/v1/metrics", StringComparison.Ordinal))
            {
                ReadMetrics(body.ToArray());
            }

            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
        }
    }

    // ExportTraceServiceRequest: resource_spans = 1 { resource = 1, scope_spans = 2 { spans = 2 } }.
    private void ReadTraces(byte[] message)
    {
        foreach (var resource in Messages(message, 1))
        {
            var service = Messages(resource, 1).SelectMany(attributes => Messages(attributes, 1)).Select(Attribute).FirstOrDefault(attribute => attribute.Key == "service.name").Value ?? "";
            foreach (var span in Messages(resource, 2).SelectMany(scope => Messages(scope, 2)))
            {
                _spans.Enqueue(new CollectedSpan(
                    service,
                    Hex(span, 1),
                    Hex(span, 2),
                    Hex(span, 4),
                    Texts(span, 5).First(),
                    [.. Messages(span, 13).Select(link => Hex(link, 1))],
                    Messages(span, 9).Select(Attribute).ToDictionary(attribute => attribute.Key, attribute => attribute.Value)));
            }
        }
    }

    // ExportMetricsServiceRequest: resource_metrics = 1 { scope_metrics = 2 { metrics = 2 { name = 1, unit = 3 } } }.
    private void ReadMetrics(byte[] message)
    {
        foreach (var metric in Messages(message, 1).SelectMany(resource => Messages(resource, 2)).SelectMany(scope => Messages(scope, 2)))
        {
            _instruments[Texts(metric, 1).First()] = Texts(metric, 3).FirstOrDefault("");
        }
    }

    // KeyValue: key = 1, value = 2 { string_value = 1 }; numbers are left out.
    private static (string Key, string Value) Attribute(byte[] pair)
        => (Texts(pair, 1).First(), Messages(pair, 2).SelectMany(value => Texts(value, 1)).FirstOrDefault(""));

    private static string Hex(byte[] message, int field) => Messages(message, field).Select(Convert.ToHexStringLower).FirstOrDefault("");

    private static IEnumerable<string> Texts(byte[] message, int field) => Messages(message, field).Select(System.Text.Encoding.UTF8.GetString);

    /// <summary>The fields of one number that have a length: messages, texts and bytes.</summary>
    private static List<byte[]> Messages(byte[] message, int field)
    {
        List<byte[]> found = [];
        var input = new CodedInputStream(message);
        while (input.ReadTag() is not 0 and var tag)
        {
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                found.Add(input.ReadBytes().ToByteArray());
            }
            else
            {
                input.SkipLastField();
            }
        }

        return found;
    }
}

/// <summary>A span as it was sent.</summary>
internal sealed record CollectedSpan(string Service, string Trace, string Id, string Parent, string Name, IReadOnlyList<string> LinkedTraces, IReadOnlyDictionary<string, string> Attributes);
