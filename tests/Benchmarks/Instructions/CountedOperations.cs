using System.CommandLine;
using HostAgent.Benchmarks.Allocations;
using HostAgent.Benchmarks.Engine;
using HostAgent.Campaigns;

namespace HostAgent.Benchmarks.Instructions;

/// <summary>
/// The operations whose instructions are counted, and the hidden command that makes one of them so many times and ends. What happens in other threads at the same time, as
/// with a call over a connection, would be counted too, and never twice the same.
/// </summary>
internal static class CountedOperations
{
    /// <summary>The name of the hidden command.</summary>
    public const string Command = "counted-operation";

    private const int MostAttempts = 50;

    // The inputs of half a campaign of 1,000 items.
    private static readonly EngineSize Size = new(1_000, 1);

    /// <summary>All of them, by their names: how many are made at least, and how to make so many.</summary>
    public static IReadOnlyDictionary<string, (int Least, Func<int, CancellationToken, Task> MakeAsync)> All { get; } = new Dictionary<string, (int, Func<int, CancellationToken, Task>)>(StringComparer.Ordinal)
    {
        ["engine input"] = (2 * (Size.MostInputs / 2), LiveAsync),
        ["stored event"] = (500, AppendAsync),
    };

    public static Command CreateCommand()
    {
        var name = new Argument<string>("operation");
        var times = new Argument<int>("times");
        var command = new Command(Command) { name, times };
        command.Hidden = true;
        command.SetAction(async (result, cancellation) =>
        {
            await All[result.GetValue(name)!].MakeAsync(result.GetValue(times), cancellation);
            return 0;
        });
        return command;
    }

    private static Task LiveAsync(int times, CancellationToken cancellation)
    {
        Read();
        for (var made = 0; made < times; made += Size.MostInputs / 2)
        {
            GC.KeepAlive(new EngineRun(Size).LiveHalf(cancellation));
        }

        return Task.CompletedTask;
    }

    // A document may take two seconds of a processor to read, and an instrument makes everything some fifty times slower. Each attempt leaves more code compiled, until one is in time.
    private static void Read()
    {
        for (var attempts = 1; !CampaignDocument.Parse(BenchmarkEstate.Document, "benchmark.yaml").IsValid; attempts++)
        {
            if (attempts == MostAttempts)
            {
                throw new InvalidOperationException($"The benchmark's document could not be read in {MostAttempts} attempts.");
            }
        }
    }

    private static Task AppendAsync(int times, CancellationToken cancellation) => MeasuredOperations.WithStoreAsync(async store =>
    {
        var campaign = await MeasuredOperations.CreateAsync(store, 1);
        for (var version = 1L; version <= times; version++)
        {
            cancellation.ThrowIfCancellationRequested();
            await store.AppendAsync(MeasuredOperations.Append(campaign, version));
        }

        return times;
    });
}
