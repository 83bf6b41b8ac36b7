using System.Runtime.InteropServices;
using Microsoft.Win32;

namespace HostAgent.HyperV.Wmi;

/// <summary>
/// What System.Management needs beside its package: wminet_utils.dll, which the .NET Framework 4 brings and no other .NET does (dotnet/runtime#45143).
/// Where it is missing, every call ends with an exception that does not name it.
/// </summary>
internal static class SystemManagementLibrary
{
    private const string Framework = @"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\.NETFramework";

    /// <summary>Why System.Management cannot be used, as a clause; null when it can.</summary>
    public static string? WhyNot()
    {
        if (!OperatingSystem.IsWindows())
        {
            return "this is not Windows";
        }

        // It looks in the same place.
        if (Registry.GetValue(Framework, "InstallRoot", null) is not string root)
        {
            return $"{Framework} has no InstallRoot: the .NET Framework 4 is not installed";
        }

        var path = Path.Combine(root, "v4.0.30319", "wminet_utils.dll");
        return NativeLibrary.TryLoad(path, out _) ? null : $"'{path}' cannot be loaded: it is part of the .NET Framework 4";
    }
}
