using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using HostAgent.Benchmarks.Gates;

namespace HostAgent.Benchmarks.Allocations;

/// <summary>
/// The command <c>gate</c>: fails when an operation allocates more, or less, than is stored. It measures in a process that compiles every method once and fully,
/// because what the compiler keeps off the heap depends on how long a method has run.
/// </summary>
internal static class GateCommand
{
    private const string CompileOnce = "DOTNET_TieredCompilation";

    public static Command Create()
    {
        var store = new Option<bool>("--store") { Description = "Store what is measured, for this kind of build, instead of comparing it." };
        var plant = new Option<string[]>("--plant") { Description = "OPERATION=BYTES: allocate so much in vain, to see the gate fail.", DefaultValueFactory = _ => [] };
        var command = new Command("gate", "Compares what operations allocate with the stored figures. No time is measured, so any machine will do. Takes seconds.") { store, plant };
        command.SetAction(async (result, cancellation) => Environment.GetEnvironmentVariable(CompileOnce) == "0"
            ? await RunAsync(result.GetValue(store), Planted(result.GetValue(plant)!), cancellation)
            : await RunAgainAsync(result.Tokens.Select(token => token.Value), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(bool store, Dictionary<string, int> planted, CancellationToken cancellation)
    {
        var gate = new Gate(GateMeasure.Bytes, Path.Combine(ThisBuild.ProjectDirectory, "Allocations", "stored.json"));
        var measured = await new MeasuredOperations(planted).MeasureAsync(cancellation);
        if (store)
        {
            await gate.StoreAsync(measured, cancellation);
            return 0;
        }

        return await gate.CompareAsync(measured, cancellation);
    }

    private static async Task<int> RunAgainAsync(IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { UseShellExecute = false };
        start.Environment[CompileOnce] = "0";
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode;
    }

    private static Dictionary<string, int> Planted(string[] plants) => plants.Select(plant => plant.Split('=')).ToDictionary(
        parts => parts[0],
        parts => parts.Length == 2 && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var bytes) ? bytes : throw new FormatException($"--plant '{string.Join('=', parts)}' is not of the form OPERATION=BYTES."),
        StringComparer.Ordinal);
}
