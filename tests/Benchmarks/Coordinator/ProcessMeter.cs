using System.Diagnostics.Metrics;
using System.IO.Pipes;
using System.Text.Json;

namespace HostAgent.Benchmarks.Coordinator;

/// <summary>What a process has used since its start, by its own counters.</summary>
/// <param name="CpuSeconds">Processor time.</param>
/// <param name="AllocatedBytes">Allocated on the managed heap.</param>
/// <param name="PauseSeconds">Stood still for the garbage collector.</param>
/// <param name="HeapBytes">Lives on the managed heap.</param>
/// <param name="ResidentBytes">Has in memory.</param>
/// <param name="Commits">Transactions that its store made durable.</param>
internal sealed record ProcessFigures(double CpuSeconds, long AllocatedBytes, double PauseSeconds, long HeapBytes, long ResidentBytes, long Commits);

/// <summary>
/// Answers for its process how much that has used: inside a server that is otherwise as shipped, by a startup hook of the runtime. It does nothing until it is asked;
/// the store's own counter of commits is the only one that it listens to.
/// </summary>
internal static class ProcessMeter
{
    /// <summary>The variable that names the pipe.</summary>
    public const string PipeVariable = "BENCHMARK_METER";

    private const string CommitCounter = "coordinator.store.commits";

    private static long _commits;

    /// <summary>The variables that put a meter into a .NET process.</summary>
    public static Dictionary<string, string> Variables(string pipe) => new(StringComparer.Ordinal)
    {
        ["DOTNET_STARTUP_HOOKS"] = typeof(ProcessMeter).Assembly.Location,
        [PipeVariable] = pipe,
    };

    /// <summary>Answers in the background as long as the process lives.</summary>
    public static void Serve(string pipe)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == CommitCounter)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _commits, value));
        listener.Start();
        new Thread(() => Answer(pipe)) { IsBackground = true, Name = "benchmark meter" }.Start();
    }

    /// <summary>What this process has used.</summary>
    /// <param name="collect">Whether the garbage collector is to tidy up first.</param>
    public static ProcessFigures Read(bool collect) => new(
        Environment.CpuUsage.TotalTime.TotalSeconds,
        GC.GetTotalAllocatedBytes(),
        GC.GetTotalPauseDuration().TotalSeconds,
        GC.GetTotalMemory(collect),
        Environment.WorkingSet,
        Interlocked.Read(ref _commits));

    /// <summary>Asks the meter in another process.</summary>
    public static async Task<ProcessFigures> AskAsync(string pipe, bool collect, CancellationToken cancellation)
    {
        await using var client = new NamedPipeClientStream(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
        await client.ConnectAsync(cancellation);
        client.WriteByte(collect ? (byte)1 : (byte)0);
        using var reader = new StreamReader(client);
        return JsonSerializer.Deserialize<ProcessFigures>(await reader.ReadToEndAsync(cancellation))!;
    }

    private static void Answer(string pipe)
    {
        // One for all: a caller may already wait while the one before it is answered.
        using var server = new NamedPipeServerStream(pipe, PipeDirection.InOut, maxNumberOfServerInstances: 1);
        while (true)
        {
            server.WaitForConnection();
            server.Write(JsonSerializer.SerializeToUtf8Bytes(Read(collect: server.ReadByte() == 1)));
            if (OperatingSystem.IsWindows())
            {
                // There, what was not read goes with the connection.
                server.WaitForPipeDrain();
            }

            server.Disconnect();
        }
    }
}
