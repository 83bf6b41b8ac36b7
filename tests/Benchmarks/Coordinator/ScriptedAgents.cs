using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json;
using HostAgent.Transport;
using HostAgent.Transport.Servers;
using HostAgent.Transport.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HostAgent.Benchmarks.Coordinator;

/// <summary>
/// Many agents in one process, each with a port and a certificate of its own, behind the product's doors: hosts without a journal and without machines of their own, which
/// do what the script says. A line of the standard input is the next script, and is answered with what the process has used; it ends with its input.
/// </summary>
internal static class ScriptedAgents
{
    private static readonly TimeSpan CertificateLifetime = TimeSpan.FromHours(6);

    public static Command CreateCommand()
    {
        var directory = new Option<string>("--directory") { Required = true };
        var first = new Option<int>("--first") { Required = true };
        var count = new Option<int>("--count") { Required = true };
        var command = new Command("scripted-agents") { directory, first, count };
        command.Hidden = true;
        command.SetAction((result, cancellation) => RunAsync(result.GetValue(directory)!, result.GetValue(first), result.GetValue(count), cancellation));
        return command;
    }

    /// <summary>The name of a host by its number, from 0.</summary>
    public static string NameOf(int host) => string.Create(CultureInfo.InvariantCulture, $"hv-{host:D5}");

    private static async Task RunAsync(string directory, int first, int count, CancellationToken cancellation)
    {
        using var authority = CertificateAuthority.Load(Path.Combine(directory, "ca.pem"), Path.Combine(directory, "ca-key.pem"), TimeProvider.System);
        var identities = new MutualTlsIdentity[count];
        Parallel.For(0, count, index => identities[index] = Identity(authority, directory, NameOf(first + index)));
        var script = new AgentScripts();
        await using var application = Create(script, identities);
        await application.StartAsync(cancellation);
        // In the order in which they were bound.
        var ports = application.Urls.Select(url => new Uri(url).Port).ToList();
        script.Place(ports, first);
        Console.Out.WriteLine(JsonSerializer.Serialize(ports));
        while (await Console.In.ReadLineAsync(cancellation) is { } line)
        {
            script.Use(JsonSerializer.Deserialize<AgentScript>(line)!);
            Console.Out.WriteLine(JsonSerializer.Serialize(ProcessMeter.Read(collect: false)));
        }

        foreach (var identity in identities)
        {
            identity.Dispose();
        }
    }

    // Not by the product's way to write certificates, which waits for the disk: there are thousands, for minutes.
    private static MutualTlsIdentity Identity(CertificateAuthority authority, string directory, string name)
    {
        var issued = authority.Issue(PeerRole.Agent, name, CertificateLifetime, ipAddresses: [IPAddress.Loopback]);
        var files = IssuedCertificate.PathsIn(directory, issued.Uri);
        File.WriteAllText(files.CertificatePath!, issued.CertificatePem);
        using (var key = new StreamWriter(new FileStream(files.PrivateKeyPath!, KeyFile())))
        {
            key.Write(issued.PrivateKeyPem);
        }

        return MutualTlsIdentity.Load(files, TimeProvider.System);
    }

    private static FileStreamOptions KeyFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static WebApplication Create(AgentScripts script, IEnumerable<MutualTlsIdentity> identities)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(script);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (var identity in identities)
            {
                kestrel.ListenMutualTls(new IPEndPoint(IPAddress.Loopback, 0), identity);
            }
        });
        var application = builder.Build();
        application.MapGrpcService<ScriptedFailback>();
        return application;
    }
}
