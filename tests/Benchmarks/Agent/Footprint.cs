using System.Diagnostics;
using System.Globalization;
using HostAgent.Conformance.Security;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Tests.Shared.Processes;

namespace HostAgent.Benchmarks.Agent;

/// <summary>
/// The agent as shipped, in a process of its own before a simulated host, and a bare gRPC service of ASP.NET Core without TLS: how long each takes to start, and what it takes when nobody calls it.
/// Both grow old while other things are measured, and are then measured together.
/// </summary>
internal sealed class Footprint(AgentWork work) : IAsyncDisposable
{
    private const int Machines = 20;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("agent-footprint-");
    private readonly ConformancePki _pki = new();
    private readonly List<Candidate> _candidates = [];

    /// <summary>Starts each several times and leaves the last ones running.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var estateFile = Path.Combine(_directory.FullName, "estate.yaml");
        await File.WriteAllTextAsync(estateFile, EstateDocument.Write(SimulatedAgent.EstateOf(Machines)), cancellation);
        await AddAsync("HostAgent.Agent", () => RunningAgent.StartAsync(Arguments(estateFile)), cancellation);
        await AddAsync("bare gRPC service", () => RunningService.StartAsync(cancellation), cancellation);
    }

    /// <summary>Waits until they have been idle for long enough, and measures them.</summary>
    public async Task<IReadOnlyList<FootprintResult>> MeasureAsync(CancellationToken cancellation)
    {
        foreach (var candidate in _candidates)
        {
            var left = work.IdleAfter - Stopwatch.GetElapsedTime(candidate.Since);
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellation);
        }

        var processes = _candidates.ConvertAll(candidate => Process.GetProcessById(candidate.Running.Id));
        try
        {
            var idle = _candidates.ConvertAll(candidate => Stopwatch.GetElapsedTime(candidate.Since).TotalSeconds);
            var (before, began) = (processes.ConvertAll(process => process.TotalProcessorTime), Stopwatch.GetTimestamp());
            await Task.Delay(work.IdleWindow, cancellation);
            processes.ForEach(process => process.Refresh());
            var elapsed = Stopwatch.GetElapsedTime(began);
            return
            [
                .. processes.Select((process, index) => new FootprintResult(
                    _candidates[index].Name,
                    Spread.Of(_candidates[index].ReadySeconds, digits: 2),
                    Megabytes(PrivateBytes(process)),
                    Megabytes(process.WorkingSet64),
                    Math.Round(idle[index]),
                    Math.Round((process.TotalProcessorTime - before[index]) / elapsed * 100, 3))),
            ];
        }
        finally
        {
            processes.ForEach(process => process.Dispose());
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var candidate in _candidates)
        {
            await candidate.Running.DisposeAsync();
        }

        _pki.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task AddAsync(string name, Func<Task<IRunning>> start, CancellationToken cancellation)
    {
        var ready = new List<double>();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var began = Stopwatch.GetTimestamp();
            var running = await start();
            ready.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            if (ready.Count == work.Starts)
            {
                _candidates.Add(new Candidate(name, running, ready, Stopwatch.GetTimestamp()));
                return;
            }

            await running.DisposeAsync();
        }
    }

    private string[] Arguments(string estateFile) =>
    [
        "--listen", "127.0.0.1:0", "--data", Path.Combine(_directory.FullName, "data"),
        "--certificate", _pki.ServerFiles.CertificatePath!, "--private-key", _pki.ServerFiles.PrivateKeyPath!, "--authority", _pki.ServerFiles.AuthorityPath!,
        "--simulate", estateFile, "--host", ConformancePki.ServerName,
    ];

    // The system's own figure where there is one; elsewhere it counts what is only reserved.
    private static long PrivateBytes(Process process)
    {
        var rollup = string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/smaps_rollup");
        return !File.Exists(rollup)
            ? process.PrivateMemorySize64
            : File.ReadLines(rollup).Where(line => line.StartsWith("Private_", StringComparison.Ordinal))
                .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024);
    }

    private static double Megabytes(long bytes) => Math.Round(bytes / 1e6, 1);

    private sealed record Candidate(string Name, IRunning Running, List<double> ReadySeconds, long Since);

    private interface IRunning : IAsyncDisposable
    {
        int Id { get; }
    }

    private sealed class RunningAgent(ServerProcess process) : IRunning
    {
        public int Id => process.Id;

        public static async Task<IRunning> StartAsync(string[] arguments) =>
            new RunningAgent(await ServerProcess.StartAsync(arguments, ServerSettings.Plain with { Assembly = "HostAgent.Agent.dll" }));

        public ValueTask DisposeAsync() => process.DisposeAsync();
    }

    /// <summary>The peer of the gRPC benchmarks, without TLS and without anything of the product.</summary>
    private sealed class RunningService(Process process) : IRunning
    {
        public int Id => process.Id;

        public static async Task<IRunning> StartAsync(CancellationToken cancellation)
        {
            var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["benchmark-server", "--security", "plaintext"])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            var running = new RunningService(process);
            if (await process.StandardOutput.ReadLineAsync(cancellation) is null)
            {
                await running.DisposeAsync();
                throw new InvalidOperationException("The bare service ended before it was ready; its standard error says why.");
            }

            return running;
        }

        public async ValueTask DisposeAsync()
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
