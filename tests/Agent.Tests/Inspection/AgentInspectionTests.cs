using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HostAgent.Agent.Inspection;
using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Tests.Support;
using HostAgent.Hosting;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Transport;
using Microsoft.Extensions.DependencyInjection;

namespace HostAgent.Agent.Tests.Inspection;

/// <summary>Everything short of listening, with real files, a real journal and real sockets; and nothing is changed by it.</summary>
public sealed class AgentInspectionTests : IDisposable
{
    private const string Host = "hv-west-01";

    private readonly TemporaryDirectory _directory = new();
    private readonly CertificateAuthority _authority = CertificateAuthority.Create("test authority", TimeProvider.System);
    private readonly MutualTlsOptions _files;
    private readonly string _estate;

    public AgentInspectionTests()
    {
        _files = _authority.Issue(PeerRole.Agent, Host, TimeSpan.FromDays(1), ["localhost"], [IPAddress.Loopback]).WriteTo(_directory.Combine("pki"));
        _estate = _directory.Combine("estate.yaml");
        File.WriteAllText(_estate, EstateDocument.Write(EstateGenerator.Generate(1, 3, 7)));
    }

    private string Data => _directory.Combine("data of #1, 100%");

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Host_where_the_agent_was_never_started_is_good_and_is_left_as_it_is()
    {
        var (good, lines) = await InspectAsync("--listen", "127.0.0.1:0");

        good.ShouldBeTrue();
        lines.ShouldAllBe(line => line.StartsWith("OK      "));
        lines.Select(Part).ShouldBe(["settings", "certificate", "authority", "host", "machines", "journal", "port"]);
        lines.ShouldContain("OK      host: hv-west-01 (simulated, replication service answers, accepts replication)");
        lines.ShouldContain("OK      machines: 3, of which 3 are replicas and 3 could be failed back now");
        Directory.Exists(Data).ShouldBeFalse();
    }

    [Fact]
    public async Task Agent_that_runs_goes_on_undisturbed_and_is_seen_to_run()
    {
        await using var application = await AgentApplication.CreateAsync(["--listen", "127.0.0.1:0", .. Settings]);
        await application.StartAsync();
        var before = NotOfTheJournal();

        var (good, lines) = await InspectAsync("--listen", $"127.0.0.1:{new Uri(application.Urls.Single()).Port}");

        good.ShouldBeTrue(string.Join('\n', lines));
        lines.Single(line => Part(line) == "journal").ShouldEndWith("0 operations are live, 0 finished; an agent is running on it");
        lines.Single(line => Part(line) == "port").ShouldContain(" is in use, and an agent is running: ");
        lines.ShouldContain("OK      machines: 3, of which 3 are replicas and 3 could be failed back now");
        NotOfTheJournal().ShouldBe(before);
        await application.Services.GetRequiredService<OperationJournal>().ClaimAsync(new CampaignClaim(Guid.NewGuid(), 1, "failback://coordinator/c1", string.Empty));
        await application.StopAsync();

        // The agent itself writes to its journal at any time.
        List<string> NotOfTheJournal() => [.. Contents().Select(file => file.StartsWith("journal", StringComparison.Ordinal) ? file.Split(' ')[0] : file)];
    }

    [Fact]
    public async Task Agent_that_listens_elsewhere_than_its_settings_say_is_told()
    {
        await using var application = await AgentApplication.CreateAsync(["--listen", "127.0.0.1:0", .. Settings]);
        await application.StartAsync();

        var (good, lines) = await InspectAsync("--listen", FreeAddress());

        good.ShouldBeTrue();
        lines[^1].ShouldStartWith("WARNING port: no program listens on ");
        await application.StopAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Journal_of_an_agent_that_is_not_there_is_read_and_left_as_it_is(bool endedWell)
    {
        await using (var journal = Recorded.Open(endedWell ? Data : _directory.Combine("life")))
        {
            foreach (var (number, state) in ((OperationState[])[OperationState.Queued, OperationState.Starting, OperationState.Running, OperationState.Succeeded, OperationState.UnknownOutcome]).Index())
            {
                await journal.RecordAsync(Recorded.Facts(Guid.NewGuid(), Stage.Id(number)), state);
            }

            if (!endedWell)
            {
                // What a killed agent leaves behind: the last of it stands in the log alone.
                Directory.CreateDirectory(Data);
                foreach (var file in Directory.GetFiles(_directory.Combine("life"), "journal*").Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
                {
                    File.Copy(file, Path.Combine(Data, Path.GetFileName(file)));
                }
            }
        }

        var before = Contents();
        var (good, lines) = await InspectAsync("--listen", "127.0.0.1:0");

        good.ShouldBeTrue(string.Join('\n', lines));
        lines.Single(line => Part(line) == "journal").ShouldBe($"OK      journal: '{Path.Combine(Data, "journal.db")}' is intact (schema 3); 3 operations are live, 2 finished; no agent is running on it");
        Contents().ShouldBe(before);
    }

    [Fact]
    public async Task Damaged_journal_fails_and_is_left_to_the_agents_next_start()
    {
        await using (var journal = Recorded.Open(Data))
        {
            await journal.RecordAsync(Recorded.Facts(Guid.NewGuid()), OperationState.Running);
        }

        File.Delete(Path.Combine(Data, "journal.mark"));
        var before = Contents();

        var (good, lines) = await InspectAsync("--listen", "127.0.0.1:0");

        good.ShouldBeFalse();
        lines.Single(line => Part(line) == "journal").ShouldContain(" is damaged: its mark 'journal.mark' is missing; ");
        Contents().ShouldBe(before);
    }

    [Fact]
    public async Task Journal_whose_recovery_was_cut_off_is_not_taken_for_a_missing_one()
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, "journal-recovered-20261122T030000Z.db"), "");

        (await InspectAsync("--listen", "127.0.0.1:0")).Lines.Single(line => Part(line) == "journal").ShouldStartWith("WARNING journal: the recovery of ");
    }

    [Fact]
    public async Task Journal_of_a_newer_agent_fails_with_the_way_out()
    {
        await using (Recorded.Open(Data))
        {
        }

        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(Data, "journal.db")};Pooling=False"))
        {
            await connection.OpenAsync();
            using var command = connection.CreateCommand();
            command.CommandText = "DROP TABLE ledger; PRAGMA user_version = 99";
            await command.ExecuteNonQueryAsync();
        }

        var (good, lines) = await InspectAsync("--listen", "127.0.0.1:0");

        good.ShouldBeFalse();
        lines.Single(line => Part(line) == "journal").ShouldContain("has schema 99, this agent knows up to 3: run the newer agent that wrote it");
    }

    [Fact]
    public async Task Every_part_is_looked_at_although_all_have_failed()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, "journal.mark"), "no mark");
        File.WriteAllText(_files.PrivateKeyPath!, "no key");
        File.Delete(_files.AuthorityPath!);
        File.WriteAllText(_estate, "apiVersion: failback/v1\nkind: Estate\nhosts:\n- name: hv-west-01\n  colour: red\n  linkMegabitsPerSecond: -1\n");

        var (good, lines) = await InspectAsync("--listen", taken.LocalEndpoint.ToString()!);

        good.ShouldBeFalse();
        var failed = lines.Where(line => line.StartsWith("FAILED  ", StringComparison.Ordinal)).Select(Part).ToList();
        failed.Distinct().ShouldBe(["certificate", "host", "journal", "port"]);
        failed.Count(part => part == "certificate").ShouldBe(2);
        failed.Count(part => part == "host").ShouldBeGreaterThanOrEqualTo(2);
        lines[0].ShouldStartWith("OK      settings: ");
    }

    [Fact]
    public async Task Damaged_past_of_a_simulated_host_fails_in_one_line()
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, $"{Host}.simulation"), "no record\n");

        var (good, lines) = await InspectAsync("--listen", "127.0.0.1:0");

        good.ShouldBeFalse();
        lines.Single(line => Part(line) == "host").ShouldStartWith($"FAILED  host: The simulated host {Host} cannot be opened: ");
    }

    [Fact]
    public async Task Wrong_settings_are_all_told_and_nothing_is_looked_at()
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);

        var refusal = await Should.ThrowAsync<StartException>(() => AgentInspection.RunAsync(
            [.. Settings, "--listen", "nowhere", "--speed", "0", "--HostAgent:Colour", "red"], output, TimeProvider.System));

        refusal.Lines.Count.ShouldBe(3);
        output.ToString().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, "--listen", "127.0.0.1:0")]
    [InlineData(1, "--host", "hv-nowhere")]
    [InlineData(2, "--speed", "0")]
    public async Task Program_ends_with_what_was_found(int exitCode, string name, string value)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "HostAgent.Agent.dll"), AgentInspection.VerbName, "--listen", FreeAddress(), .. Settings, name, value])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(deadline.Token);

        process.ExitCode.ShouldBe(exitCode, await errors);
        (await output).Contains("OK      settings: ", StringComparison.Ordinal).ShouldBe(exitCode != 2);
        (await errors).Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(exitCode == 2 ? 1 : 0);
    }

    private string[] Settings =>
    [
        "--data", Data, "--simulate", _estate, "--host", Host, "--Logging:LogLevel:Default", "Critical",
        "--certificate", _files.CertificatePath!, "--private-key", _files.PrivateKeyPath!, "--authority", _files.AuthorityPath!,
    ];

    private async Task<(bool Good, IReadOnlyList<string> Lines)> InspectAsync(params string[] more)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var good = await AgentInspection.RunAsync([.. Settings, .. more], output, TimeProvider.System);
        return (good, output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    // All but SQLite's index of the log, which is no content: readers note in it where they are.
    private List<string> Contents()
    {
        var contents = new List<string>();
        foreach (var path in Directory.GetFiles(Data).Where(path => !path.EndsWith("-shm", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            // The locks are empty, and held.
            contents.Add(name.EndsWith("lock", StringComparison.Ordinal) ? name : $"{name} {Convert.ToHexString(Read(path))}");
        }

        return contents;
    }

    private static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static string Part(string line) => line[8..line.IndexOf(':', StringComparison.Ordinal)];

    private static string FreeAddress()
    {
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return free.LocalEndPoint!.ToString()!;
    }
}
