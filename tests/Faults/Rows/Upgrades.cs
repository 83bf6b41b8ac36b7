using HostAgent.Faults.Running;
using HostAgent.Tests.Shared.Processes;

namespace HostAgent.Faults.Rows;

/// <summary>The row in which an earlier version begins, and whatever ends is started again as the version of today.</summary>
internal static class Upgrades
{
    /// <summary>The variable that names the directory of a published earlier version.</summary>
    public const string Variable = "FORMER_VERSION";

    private static string? Former => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } directory ? Path.GetFullPath(Path.Combine(directory, ServerSettings.Plain.Assembly)) : null;

    /// <summary>The row.</summary>
    public static FaultRow Row { get; } = new(21, "an earlier version begins, and is replaced by this one piece by piece", [
        Upgraded("failback calls", seed => Scenes.Failbacks(seed), (setup, random) => random.Series(6, 300, 2000, after => random.Next(3) == 0 ? random.RestartCoordinator(after) : random.KillAgent(setup, after))),
        Upgraded("host to host", seed => Scenes.Returns(seed), (setup, random) => random.Series(6, 800, 4000, after => random.Next(3) == 0 ? random.KillCoordinator(after) : random.KillAgent(setup, after))),
        Upgraded("three coordinators, one after the other", seed => Scenes.Failbacks(seed) with { IsOnPostgreSql = true, Coordinators = 3 }, (setup, random) =>
            random.Series(5, 800, 3000, after => random.Next(3) == 0 ? random.KillAgent(setup, after) : random.EndNode(random.Next(2) == 0 ? "TERM" : "KILL", after)))])
    {
        WhyNot = () => Former is null ? $"{Variable} names no directory with a published earlier version."
            : !File.Exists(Former) ? $"{Variable} is '{Environment.GetEnvironmentVariable(Variable)}', where no {ServerSettings.Plain.Assembly} is."
            : Menu.NoPostgreSql ?? Menu.NoSignals,
    };

    private static FaultVariant Upgraded(string name, Func<int, Setup> scene, Func<Setup, Random, IReadOnlyList<PlannedStrike>> plan) => new(name, (seed, random) =>
    {
        var setup = scene(seed);
        var begun = ServerSettings.Plain with { First = Former };
        return (setup with { Servers = setup.Servers with { Agent = begun, Coordinator = begun } }, plan(setup, random));
    });
}
