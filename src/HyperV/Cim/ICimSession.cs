namespace HostAgent.HyperV.Cim;

/// <summary>
/// The port to one host's CIM namespace: everything this product needs from Windows goes through these five calls.
/// Implementations do not interpret values; the layers above do. Every call is bounded by its token and fails with
/// <see cref="CimException"/> when the namespace rejects it: <see cref="CimErrorCode.InvalidClass"/> for a class it does not have,
/// <see cref="CimErrorCode.InvalidNamespace"/> for a path into another namespace. The errors are HRESULTs of WMI and RPC whatever the library
/// behind it answers with. A path that comes back may lack the server; paths compare without it then. After disposal every call fails with
/// <see cref="ObjectDisposedException"/>. Safe for concurrent calls.
/// </summary>
public interface ICimSession : IAsyncDisposable
{
    /// <summary>The namespace the session is bound to, for example <c>root\virtualization\v2</c>.</summary>
    string Namespace { get; }

    /// <summary>Reads one instance by its path.</summary>
    /// <returns>The instance with all its properties, or <see langword="null"/> when there is no object at the path (WBEM_E_NOT_FOUND).</returns>
    Task<CimInstance?> GetInstanceAsync(CimObjectPath path, CancellationToken cancellationToken);

    /// <summary>
    /// Lists the instances of a class and of its subclasses that match every filter.
    /// An empty list does not prove absence: a caller that is not elevated gets no rows and no error.
    /// </summary>
    Task<IReadOnlyList<CimInstance>> ListInstancesAsync(
        string className, IReadOnlyList<CimFilter> filters, CancellationToken cancellationToken);

    /// <summary>Lists the instances of <paramref name="resultClass"/> that <paramref name="associationClass"/> associates with <paramref name="source"/>.</summary>
    Task<IReadOnlyList<CimInstance>> ListAssociatorsAsync(
        CimObjectPath source, string associationClass, string resultClass, CancellationToken cancellationToken);

    /// <summary>
    /// Invokes a method. Input values are strings, numbers, booleans, <see cref="DateTimeOffset"/>, <see cref="TimeSpan"/>,
    /// <see cref="CimObjectPath"/> for references, arrays of these, or null for an omitted argument.
    /// Embedded instances are passed as CIM-XML text in a string. Arguments are converted to the types that the method declares. A method that
    /// was sent is never cancelled on the host: when its caller leaves or its time is over, it goes on, and until it has ended the session refuses
    /// to call it again with <see cref="CimErrorCode.ServerTooBusy"/>.
    /// </summary>
    /// <exception cref="CimException">
    /// With <see cref="CimErrorCode.NotFound"/> when there is no object at the path, with <see cref="CimErrorCode.InvalidParameter"/> when the
    /// method has no argument of a given name. If the call was already sent (timeout, broken connection), it may have taken effect.
    /// </exception>
    /// <exception cref="ArgumentException">A value cannot be an argument, for example an instance.</exception>
    Task<CimMethodResult> InvokeMethodAsync(
        CimObjectPath target, string methodName, IReadOnlyDictionary<string, object?> inputs, CancellationToken cancellationToken);

    /// <summary>
    /// Reports creations, modifications and deletions of a class's instances until cancelled. Events are hints: several changes
    /// within <paramref name="within"/> are merged, and any event may be lost. The first <c>MoveNextAsync</c> sets up the subscription, which
    /// may take as long as any call; earlier changes are not reported.
    /// </summary>
    /// <param name="className">The class watched, subclasses included.</param>
    /// <param name="within">The provider's polling interval; more than zero.</param>
    /// <param name="cancellationToken">Stops the watch.</param>
    IAsyncEnumerable<CimInstanceEvent> WatchInstancesAsync(string className, TimeSpan within, CancellationToken cancellationToken);
}

/// <summary>One equality condition of a listing; structured, so that escaping happens in one place.</summary>
/// <param name="Property">The property to compare; a dotted name addresses an embedded instance: <c>PrivateProperties.VmID</c>.</param>
/// <param name="Value">A string, number or boolean.</param>
public sealed record CimFilter(string Property, object Value)
{
    /// <summary>The instance's value of the property; null when it has none.</summary>
    public object? ValueIn(CimInstance instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        object? value = instance;
        foreach (var name in Property.Split('.'))
        {
            value = (value as CimInstance)?[name];
        }

        return value;
    }
}

/// <summary>The result of a method call.</summary>
/// <param name="ReturnValue">The method's return code; its meaning depends on the method.</param>
/// <param name="Outputs">The output parameters by name. References are <see cref="CimObjectPath"/>.</param>
public sealed record CimMethodResult(uint ReturnValue, IReadOnlyDictionary<string, object?> Outputs);

/// <summary>A change of one instance.</summary>
/// <param name="Kind">The kind of change.</param>
/// <param name="Instance">The instance after the change, or as last seen when it was deleted.</param>
public sealed record CimInstanceEvent(CimInstanceEventKind Kind, CimInstance Instance);

/// <summary>The kinds of change a watch reports.</summary>
public enum CimInstanceEventKind
{
    /// <summary>The instance was created.</summary>
    Created,

    /// <summary>A property of the instance changed.</summary>
    Modified,

    /// <summary>The instance was deleted.</summary>
    Deleted,
}
