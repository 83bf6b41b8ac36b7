using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Disks;
using HostAgent.HyperV.Services;

namespace HostAgent.HyperV.Wine.Harness.Served;

/// <summary>How the namespace declares its methods, as Microsoft documents them.</summary>
internal static class MethodDeclarations
{
    /// <summary>The class of the objects that carry parameters.</summary>
    private const string ParametersClass = "__PARAMETERS";

    private static readonly CimMethod[] OfJobs =
    [
        new("RequestStateChange", [new("RequestedState", CimType.UInt16), new("TimeoutPeriod", CimType.DateTime)]),
        new("GetError", [new("Error", CimType.String, IsOutput: true)]),
        new("GetErrorEx", [new("Errors", CimType.String, IsArray: true, IsOutput: true)]),
    ];

    private static readonly CimMethod[] OfMachines =
    [
        new("RequestStateChange", [new("RequestedState", CimType.UInt16), new("Job", CimType.Reference, IsOutput: true), new("TimeoutPeriod", CimType.DateTime)]),
        new(
            "RequestReplicationStateChangeEx",
            [
                new("ReplicationRelationship", CimType.String), new("RequestedState", CimType.UInt16), new("Job", CimType.Reference, IsOutput: true),
                new("TimeoutPeriod", CimType.DateTime),
            ]),
    ];

    private static readonly CimMethod[] OfManagement =
    [
        new("ModifyResourceSettings", [new("ResourceSettings", CimType.String, IsArray: true), new("Job", CimType.Reference, IsOutput: true)]),
        new("AddFeatureSettings", [new("AffectedConfiguration", CimType.Reference), new("FeatureSettings", CimType.String, IsArray: true), new("Job", CimType.Reference, IsOutput: true)]),
        new("ModifyFeatureSettings", [new("FeatureSettings", CimType.String, IsArray: true), new("Job", CimType.Reference, IsOutput: true)]),
        new("ModifySystemSettings", [new("SystemSettings", CimType.String), new("Job", CimType.Reference, IsOutput: true)]),
        new("DestroySystem", [new("AffectedSystem", CimType.Reference), new("Job", CimType.Reference, IsOutput: true)]),
    ];

    private static readonly CimMethod[] OfShutdown = [new("InitiateShutdown", [new("Force", CimType.Boolean), new("Reason", CimType.String)])];

    private static readonly CimMethod[] OfImages = [ImageManagementServiceMethods.GetVirtualHardDiskSettingData];

    /// <summary>The declaration, or null when the class has no such method.</summary>
    public static CimMethod? Find(string className, string name) => Of(className).FirstOrDefault(method => Same(method.Name, name));

    /// <summary>All that a class declares.</summary>
    public static IReadOnlyList<CimMethod> Of(string className)
        => Same(className, HyperVClasses.ReplicationService) ? ReplicationServiceMethods.All
            : Same(className, HyperVClasses.ImageManagementService) ? OfImages
            : Same(className, HyperVClasses.ConcreteJob) ? OfJobs
            : Same(className, HyperVClasses.ComputerSystem) ? OfMachines
            : Same(className, "Msvm_VirtualSystemManagementService") ? OfManagement
            : Same(className, "Msvm_ShutdownComponent") ? OfShutdown
            : [];

    /// <summary>The class from which a caller makes the object for its arguments.</summary>
    public static ServedObject Inputs(CimMethod method) => new(ParametersClass, path: null, method.Inputs.Select(input => Value(input, null)), isClass: true);

    /// <summary>The class of what the method answers.</summary>
    public static ServedObject Outputs(CimMethod method)
        => new(ParametersClass, path: null, method.Outputs.Select(output => Value(output, null)).Prepend(ReturnValue(null)), isClass: true);

    /// <summary>What the method has answered.</summary>
    public static ServedObject Answer(CimMethod method, CimMethodResult result) => new(
        ParametersClass,
        path: null,
        method.Outputs.Select(output => Value(output, result.Outputs.GetValueOrDefault(output.Name))).Prepend(ReturnValue(result.ReturnValue)));

    private static ServedProperty ReturnValue(uint? value) => new("ReturnValue", CimType.UInt32, IsArray: false, value);

    private static ServedProperty Value(CimParameter declared, object? value) => new(declared.Name, declared.Type, declared.IsArray, value);

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
