using System.Formats.Asn1;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using HostAgent.Agent;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Wine.Running;
using HostAgent.Tests.Shared.Channels;
using HostAgent.Transport;
using HostAgent.Transport.Tls;
using Microsoft.Data.Sqlite;
using Client = HostAgent.Contracts.Failback.V1.Failback.FailbackClient;

namespace HostAgent.HyperV.Wine;

/// <summary>
/// The published agent beside what an agent needs: an estate, the certificates of an authority, and the journal of an agent that has failed one machine
/// back. That one ran here, on the same sources, since under Wine no agent comes so far.
/// </summary>
/// <param name="machine">Where the published agent runs.</param>
public sealed class PublishedAgentRun(WineMachine machine) : IAsyncLifetime
{
    /// <summary>The data directory of an agent whose journal has no log beside it. Its name needs escaping in a URI.</summary>
    public const string WithoutLog = "data of #1, 100%";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("windows-agent-");
    private WinePrefix _prefix = null!;
    private string _program = "";

    /// <summary>The settings of an agent of the estate's one host.</summary>
    public IReadOnlyList<string> Settings { get; private set; } = [];

    /// <summary>The same without the simulation, whose switches come first.</summary>
    public IEnumerable<string> OfTheRealHost => [.. Settings.Skip(2).Take(2), .. Settings.Skip(6)];

    public async ValueTask InitializeAsync()
    {
        if (WineTools.Missing is not null)
        {
            return;
        }

        using var authority = CertificateAuthority.Create("test authority", TimeProvider.System);
        var files = IssueAgent(authority).WriteTo(Here("pki"));
        await File.WriteAllTextAsync(Here("estate.yaml"), EstateDocument.Write(new Estate
        {
            Hosts =
            [
                new SimulatedHostDescription
                {
                    Name = "hv-west-01",
                    VirtualMachines = [.. Enumerable.Range(1, 3).Select(number => new SimulatedVirtualMachineDescription { Name = $"app-0{number}", Id = Machine(number), DiskGigabytes = 1, ChangedGigabytes = 0.1 })],
                },
            ],
        }));
        await FailBackAsync(authority, Machine(1), files);
        FoldLog();
        Settings =
        [
            "--simulate", There("estate.yaml"), "--host", "hv-west-01", "--speed", "2000", "--data", There("data"), "--listen", FreeAddress(),
            "--certificate", There("pki", Path.GetFileName(files.CertificatePath!)), "--private-key", There("pki", Path.GetFileName(files.PrivateKeyPath!)),
            "--authority", There("pki", Path.GetFileName(files.AuthorityPath!)),
            "--allow-tls12", "true", // Wine's schannel has no TLS 1.3
        ];
        _program = await WindowsAgent.PublishAsync(_directory.FullName);
        _prefix = await machine.PrefixAsync();
    }

    public ValueTask DisposeAsync()
    {
        _directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Skips the test where nothing was set up; every test takes the fixture from here.</summary>
    internal PublishedAgentRun OrSkip()
    {
        Assert.SkipWhen(WineTools.Missing is not null, WineTools.Missing ?? string.Empty);
        return this;
    }

    /// <summary>Runs the published agent to its end.</summary>
    internal Task<ToolRun> RunAsync(params IReadOnlyList<string> arguments) => _prefix.RunAsync(_program, arguments, Patience);

    /// <summary>The names of a directory's files.</summary>
    internal IReadOnlyList<string> FilesIn(string directory) => [.. Directory.GetFiles(Here(directory)).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    /// <summary>What a file is called under Wine, which has this system's root as drive Z.</summary>
    internal string There(params IEnumerable<string> parts) => $"Z:{Here([.. parts]).Replace('/', '\\')}";

    private string Here(params ReadOnlySpan<string> parts) => Path.Combine([_directory.FullName, .. parts]);

    private static Guid Machine(int number) => new($"00000000-0000-4000-8000-{number:D12}");

    // Wine verifies no signature of which a number is short of its leading byte, which happens to one certificate in 128.
    private static IssuedCertificate IssueAgent(CertificateAuthority authority)
    {
        IssuedCertificate issued;
        do
        {
            issued = authority.Issue(PeerRole.Agent, "hv-west-01", TimeSpan.FromDays(100), ["localhost"], [IPAddress.Loopback]);
        }
        while (!HasFullSignature(issued.CertificatePem));

        return issued;
    }

    private static bool HasFullSignature(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        var parts = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
        parts.ReadEncodedValue();
        parts.ReadEncodedValue();
        var numbers = new AsnReader(parts.ReadBitString(out _), AsnEncodingRules.DER).ReadSequence();
        var (r, s) = (numbers.ReadInteger(), numbers.ReadInteger());
        return r.GetByteCount(isUnsigned: true) == 32 && s.GetByteCount(isUnsigned: true) == 32;
    }

    private async Task FailBackAsync(CertificateAuthority authority, Guid machine, MutualTlsOptions files)
    {
        await using var agent = await AgentApplication.CreateAsync(
        [
            "--simulate", Here("estate.yaml"), "--host", "hv-west-01", "--speed", "2000", "--data", Here("data"), "--listen", "127.0.0.1:0",
            "--certificate", files.CertificatePath!, "--private-key", files.PrivateKeyPath!, "--authority", files.AuthorityPath!, "--Logging:LogLevel:Default", "Critical",
        ]);
        await agent.StartAsync();
        using var caller = MutualTlsIdentity.Load(authority.Issue(PeerRole.Coordinator, "test", TimeSpan.FromDays(1)).WriteTo(Here("pki")), TimeProvider.System);
        using var channel = PatientChannel.Create(new Uri(agent.Urls.Single()), caller, PeerRole.Agent, "hv-west-01");
        using var call = new Client(channel).InitiateFailback(
            new InitiateFailbackRequest { OperationId = Guid.NewGuid().ToString(), VirtualMachineId = machine.ToString() },
            deadline: TimeProvider.System.GetUtcNow().UtcDateTime + Patience);
        FailbackProgress? last = null;
        await foreach (var progress in call.ResponseStream.ReadAllAsync())
        {
            last = progress;
        }

        last.ShouldNotBeNull().State.ShouldBe(OperationState.Succeeded);
        await agent.StopAsync();
    }

    // As SQLite leaves a journal whose log was taken over into the file.
    private void FoldLog()
    {
        Directory.CreateDirectory(Here(WithoutLog));
        foreach (var file in Directory.GetFiles(Here("data"), "journal*"))
        {
            File.Copy(file, Here(WithoutLog, Path.GetFileName(file)));
        }

        using var connection = new SqliteConnection($"Data Source={Here(WithoutLog, "journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        command.ExecuteNonQuery();
    }

    private static string FreeAddress()
    {
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return free.LocalEndPoint!.ToString()!;
    }
}
