using System.Diagnostics;
using System.Reflection;
using HostAgent.Conformance.Security;
using HostAgent.Transport;

namespace HostAgent.Conformance.Peers;

/// <summary>A peer's driver: how it is started, or why it cannot be.</summary>
/// <param name="Executable">The program.</param>
/// <param name="Script">Its first argument; null when the program is the driver itself.</param>
/// <param name="Environment">What it needs in its environment.</param>
/// <param name="Missing">Why it cannot run here; null when it can.</param>
internal sealed record PeerProgram(string Executable, string? Script, IReadOnlyDictionary<string, string> Environment, string? Missing)
{
    /// <summary>The folder of the test project's sources.</summary>
    public static string SourceDirectory { get; } = typeof(PeerProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "ConformanceDirectory").Value!;

    /// <summary>A start of the driver in one direction (<c>client</c>, <c>server</c>, or either for benchmarks) with the certificates of its side.</summary>
    public ProcessStartInfo Start(string direction, ChannelSecurity security, ConformancePki pki, params IEnumerable<string> more) =>
        Start(Script, [direction, "--protos", Path.Combine(SourceDirectory, "protos"), "--security", Word(security), .. Certificates(direction, security, pki), .. more]);

    /// <summary>A start of a script, or of the program itself when there is none.</summary>
    public ProcessStartInfo Start(string? script, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Executable, script is null ? arguments : [script, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static IEnumerable<string> Certificates(string direction, ChannelSecurity security, ConformancePki pki)
    {
        if (security == ChannelSecurity.Plaintext)
        {
            return [];
        }

        var serves = direction.EndsWith("server", StringComparison.Ordinal);
        var files = serves ? pki.ServerFiles : pki.ClientFiles;
        string[] authority = ["--authority", files.AuthorityPath!];
        return !serves && security == ChannelSecurity.Tls ? authority : [.. authority, .. Own(files)];
    }

    private static string[] Own(MutualTlsOptions files) => ["--certificate", files.CertificatePath!, "--private-key", files.PrivateKeyPath!];

    private static string Word(ChannelSecurity security) => security switch
    {
        ChannelSecurity.Plaintext => "plaintext",
        ChannelSecurity.Tls => "tls",
        _ => "mutual-tls",
    };
}
