using HostAgent.Agent.Inspection;
using HostAgent.Agent.Tests.Support;
using HostAgent.Hosting;
using HostAgent.HyperV.Simulation.Captures;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.Agent.Tests.Inspection;

/// <summary>The command writes a file that can be replayed, and refuses before it writes anything.</summary>
public sealed class AgentCaptureTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Estate _estate = EstateGenerator.Generate(1, 3, 7);

    public AgentCaptureTests() => File.WriteAllText(EstateFile, EstateDocument.Write(_estate));

    private string EstateFile => _directory.Combine("estate.yaml");

    private string Output => _directory.Combine("host.capture");

    private SimulatedVirtualMachineDescription Machine => _estate.Hosts[0].VirtualMachines[0];

    private string[] OfTheHost => ["--simulate", EstateFile, "--host", _estate.Hosts[0].Name, "--data", _directory.Combine("data")];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Capture_is_written_and_can_be_replayed(bool anonymized)
    {
        var lines = await CaptureAsync(["--vm", Machine.Id.ToString(), "--output", Output, "--for", "00:00:00", .. anonymized ? ["--anonymize"] : Array.Empty<string>(), .. OfTheHost]);

        lines[0].ShouldStartWith($"The state of {Machine.Id.ToString().ToUpperInvariant()} is in '{Output}'.");
        lines[^1].ShouldBe("0 changes were recorded.");
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Output).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var text = await File.ReadAllLinesAsync(Output, TestContext.Current.CancellationToken);
        var replayed = ReplayedHost.Read(text);
        replayed.Start.Machine.ShouldBe(Machine.Id);
        replayed.Start.IsAnonymized.ShouldBe(anonymized);
        string.Join('\n', text).Contains(Machine.Name, StringComparison.Ordinal).ShouldBe(!anonymized);
    }

    [Fact]
    public async Task Interruption_ends_it_and_the_file_is_whole()
    {
        using var interrupted = new CancellationTokenSource();
        var output = new Signal(line => line.StartsWith("The state of", StringComparison.Ordinal), interrupted.Cancel);

        await AgentCapture.RunAsync(["--vm", Machine.Id.ToString(), "--output", Output, .. OfTheHost], output, TimeProvider.System, interrupted.Token);

        ReplayedHost.Read(await File.ReadAllLinesAsync(Output, TestContext.Current.CancellationToken)).Start.Machine.ShouldBe(Machine.Id);
    }

    [Fact]
    public async Task Wrong_command_line_is_refused_with_a_line_for_each_error()
    {
        File.WriteAllText(Output, "what was there before");
        var refusal = await Should.ThrowAsync<StartException>(() => CaptureAsync(["--vm", "sql-01", "--output", Output, "--for", "soon", "--colour", "red", .. OfTheHost]));

        refusal.Lines.ShouldContain("--vm is 'sql-01'; it must be the GUID of a virtual machine.");
        refusal.Lines.ShouldContain("--for is 'soon'; it must be a time (d.hh:mm:ss).");
        refusal.Lines.ShouldContain($"--output is '{Output}', which exists; it must be a file that does not.");
        refusal.Lines.ShouldContain(line => line.StartsWith("'--colour' is not a switch", StringComparison.Ordinal));
        (await File.ReadAllTextAsync(Output, TestContext.Current.CancellationToken)).ShouldBe("what was there before");
    }

    [Fact]
    public async Task Machine_that_the_host_does_not_have_is_refused_and_leaves_no_file()
    {
        var refusal = await Should.ThrowAsync<StartException>(() => CaptureAsync(["--vm", "11111111-1111-1111-1111-111111111111", "--output", Output, "--for", "00:00:00", .. OfTheHost]));

        refusal.Lines.ShouldHaveSingleItem().ShouldContain("does not have the virtual machine 11111111-1111-1111-1111-111111111111");
        File.Exists(Output).ShouldBeFalse();
    }

    [Fact]
    public async Task Host_that_is_not_there_leaves_no_file()
    {
        await Should.ThrowAsync<StartException>(() => CaptureAsync(["--vm", Machine.Id.ToString(), "--output", Output, .. OfTheHost, "--host", "hv-nowhere"]));
        File.Exists(Output).ShouldBeFalse();
    }

    private static async Task<string[]> CaptureAsync(string[] args)
    {
        var output = new StringWriter();
        await AgentCapture.RunAsync(args, output, TimeProvider.System, TestContext.Current.CancellationToken);
        return output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }

    private sealed class Signal(Func<string, bool> isIt, Action then) : StringWriter
    {
        public override Task WriteLineAsync(string? value)
        {
            if (isIt(value!))
            {
                then();
            }

            return base.WriteLineAsync(value);
        }
    }
}
