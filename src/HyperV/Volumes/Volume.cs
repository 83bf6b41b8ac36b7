namespace HostAgent.HyperV.Volumes;

/// <summary>A volume of the host (<c>Win32_Volume</c>).</summary>
/// <param name="Name">Where it is mounted, for example <c>C:\</c> or <c>C:\ClusterStorage\Volume1\</c>; the device's name when it is not.</param>
/// <param name="DeviceId">The device's name, <c>\\?\Volume{…}\</c>; null when the host does not tell.</param>
/// <param name="FreeBytes">What is free, in bytes.</param>
/// <param name="CapacityBytes">How large it is, in bytes.</param>
public sealed record Volume(string Name, string? DeviceId, long FreeBytes, long CapacityBytes);
