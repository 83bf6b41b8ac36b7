using System.Runtime.InteropServices;

namespace HostAgent.HyperV.Wine.Harness.Com;

/// <summary>What the stand-in for mi.dll counts.</summary>
internal static unsafe class ManagementInfrastructure
{
    /// <summary>Where Windows has the library, and the prefix the stand-in.</summary>
    public const string Path = @"C:\windows\system32\mi.dll";

    /// <summary>What the library has handed out and not got back, by kind.</summary>
    public static string Alive
        => string.Join(", ", new[] { "instances", "classes", "operations", "sessions", "options" }.Select((kind, i) => $"{Count(i)} {kind}"));

    /// <summary>What it is when nothing is left.</summary>
    public const string Nothing = "0 instances, 0 classes, 0 operations, 0 sessions, 0 options";

    /// <summary>How many operations are not over.</summary>
    public static int Operations => Count(2);

    /// <summary>How many sessions are not closed.</summary>
    public static int Sessions => Count(3);

    /// <summary>Calls that Windows would have hung in or answered with garbage.</summary>
    public static int Violations => ((delegate* unmanaged<int>)Export("CountViolations"))();

    private static int Count(int kind) => ((delegate* unmanaged<int, int>)Export("CountAlive"))(kind);

    private static nint Export(string name) => NativeLibrary.GetExport(NativeLibrary.Load(Path), name);
}
