using System.Diagnostics;
using System.Reflection;
using HostAgent.Campaigns;

namespace HostAgent.Benchmarks;

/// <summary>What is running.</summary>
internal static class ThisBuild
{
    /// <summary>Whether the product's code was built with optimisation.</summary>
    public static bool IsRelease { get; } = typeof(CampaignMachine).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled != true;

    /// <summary>The configuration that it was built in.</summary>
    public static string Configuration => IsRelease ? "Release" : "Debug";

    /// <summary>The program.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "HostAgent.Benchmarks.exe" : "HostAgent.Benchmarks");

    /// <summary>Where its sources stand.</summary>
    public static string ProjectDirectory { get; } = typeof(ThisBuild).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "ProjectDirectory").Value!;
}
