namespace HostAgent.HyperV.Volumes;

/// <summary>What this product asks of Windows' own namespace.</summary>
public static class VolumeClasses
{
    /// <summary>The namespace.</summary>
    public const string Namespace = @"root\cimv2";

    /// <summary>Volumes, those of the cluster included that are mounted here.</summary>
    public const string Volume = "Win32_Volume";
}
