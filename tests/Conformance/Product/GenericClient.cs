using System.Globalization;
using System.Text.Json;
using HostAgent.Conformance.Peers;
using HostAgent.Transport;

namespace HostAgent.Conformance.Product;

/// <summary>grpc-js with nothing but reflection to know the services by, over mutual TLS.</summary>
internal sealed class GenericClient(PeerProgram node, MutualTlsOptions files)
{
    /// <summary>Every service of the server with its methods.</summary>
    public async Task<Dictionary<string, string[]>> ListAsync(Uri server) =>
        (await RunAsync(server, "list")).ToDictionary(
            line => line.GetProperty("service").GetString()!,
            line => line.GetProperty("methods").EnumerateArray().Select(method => method.GetString()!).ToArray(),
            StringComparer.Ordinal);

    /// <summary>Calls a method; all responses and the status.</summary>
    /// <param name="server">Where.</param>
    /// <param name="method">The service's full name, a slash, and the method.</param>
    /// <param name="request">The request as JSON.</param>
    /// <param name="take">After how many responses to cancel; null for never.</param>
    public async Task<(JsonElement[] Responses, string Status)> CallAsync(Uri server, string method, object request, int? take = null)
    {
        string[] limit = take is { } count ? ["--take", count.ToString(CultureInfo.InvariantCulture)] : [];
        var lines = await RunAsync(server, ["call", method, JsonSerializer.Serialize(request), .. limit]);
        return ([.. lines.SkipLast(1).Select(line => line.GetProperty("response"))], lines[^1].GetProperty("status").GetString()!);
    }

    private async Task<JsonElement[]> RunAsync(Uri server, params IEnumerable<string> arguments)
    {
        var lines = new List<JsonElement>();
        var script = Path.Combine(Path.GetDirectoryName(node.Script)!, "generic.js");
        await using var process = new PeerProcess(
            node.Start(script, [.. arguments, "--address", server.Authority, "--authority", files.AuthorityPath!, "--certificate", files.CertificatePath!, "--private-key", files.PrivateKeyPath!]),
            line => lines.Add(JsonSerializer.Deserialize<JsonElement>(line)));
        var ending = await process.EndAsync();
        lines.ShouldNotBeEmpty(ending);
        return [.. lines];
    }
}
