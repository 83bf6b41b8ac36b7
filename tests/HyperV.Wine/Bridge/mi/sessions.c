/* Sessions: the namespaces and classes that they know, and what they start. */
#include "mi.h"

static void forget(Known *known)
{
    while (known) {
        Known *next = known->next;
        IUnknown_Release(known->object);
        release(known->name);
        release(known);
        known = next;
    }
}

static DWORD WINAPI finish_close(void *argument)
{
    Session *session = argument;
    void (WINAPI *closed)(void *) = session->closed;
    void *context = session->context;
    forget(session->namespaces);
    forget(session->classes);
    DeleteCriticalSection(&session->lock);
    release(session);
    InterlockedDecrement(&alive[3]);
    if (closed)
        closed(context);
    return 0;
}

void leave_session(Session *session)
{
    if (InterlockedDecrement(&session->users) == 0)
        CloseHandle(CreateThread(NULL, 0, finish_close, session, 0, NULL));
}

static IUnknown *find_known(Session *session, Known **list, const WCHAR *name)
{
    IUnknown *object = NULL;
    EnterCriticalSection(&session->lock);
    for (Known *known = *list; known && !object; known = known->next)
        if (!lstrcmpiW(known->name, name))
            object = known->object;
    if (object)
        IUnknown_AddRef(object);
    LeaveCriticalSection(&session->lock);
    return object;
}

static void keep_known(Session *session, Known **list, const WCHAR *name, IUnknown *object)
{
    Known *known = allocate(sizeof(Known));
    known->name = copy_text(name);
    known->object = object;
    IUnknown_AddRef(object);
    EnterCriticalSection(&session->lock);
    known->next = *list;
    *list = known;
    LeaveCriticalSection(&session->lock);
}

HRESULT connect_to(Session *session, const WCHAR *space, IWbemServices **services)
{
    WCHAR resource[300] = L"\\\\.\\";
    HRESULT result;
    *services = (IWbemServices *)find_known(session, &session->namespaces, space);
    if (*services)
        return S_OK;
    lstrcpynW(resource + 4, space, 290);
    result = connect_hook ? connect_hook(resource, services) : S_FALSE;
    if (result == S_FALSE)
        return WBEM_E_INVALID_NAMESPACE;
    if (SUCCEEDED(result))
        keep_known(session, &session->namespaces, space, (IUnknown *)*services);
    return result;
}

HRESULT get_class_object(Session *session, IWbemServices *services, const WCHAR *name, IWbemClassObject **object)
{
    BSTR path;
    HRESULT result;
    *object = (IWbemClassObject *)find_known(session, &session->classes, name);
    if (*object)
        return S_OK;
    path = SysAllocString(name);
    result = IWbemServices_GetObject(services, path, 0, NULL, object, NULL);
    SysFreeString(path);
    if (SUCCEEDED(result))
        keep_known(session, &session->classes, name, (IUnknown *)*object);
    return result;
}

static void WINAPI session_get_instance(
    Handle *self, DWORD flags, Handle *options, const WCHAR *space, const Instance *keys, void *callbacks, Handle *operation)
{
    (void)flags;
    start(self, GET, options, space, NULL, NULL, keys, NULL, callbacks, operation);
}

static void WINAPI session_invoke(
    Handle *self, DWORD flags, Handle *options, const WCHAR *space, const WCHAR *class_name, const WCHAR *method, const Instance *target,
    const Instance *parameters, void *callbacks, Handle *operation)
{
    (void)flags;
    start(self, INVOKE, options, space, class_name, method, target, parameters, callbacks, operation);
}

static void WINAPI session_query(
    Handle *self, DWORD flags, Handle *options, const WCHAR *space, const WCHAR *dialect, const WCHAR *query, void *callbacks, Handle *operation)
{
    (void)flags, (void)dialect;
    start(self, QUERY, options, space, NULL, query, NULL, NULL, callbacks, operation);
}

static void WINAPI session_subscribe(
    Handle *self, DWORD flags, Handle *options, const WCHAR *space, const WCHAR *dialect, const WCHAR *query, const void *delivery, void *callbacks,
    Handle *operation)
{
    (void)flags, (void)dialect, (void)delivery;
    start(self, SUBSCRIBE, options, space, NULL, query, NULL, NULL, callbacks, operation);
}

static void WINAPI session_get_class(
    Handle *self, DWORD flags, Handle *options, const WCHAR *space, const WCHAR *class_name, void *callbacks, Handle *operation)
{
    (void)flags;
    start(self, GET_CLASS, options, space, class_name, NULL, NULL, NULL, callbacks, operation);
}

static Result WINAPI session_close(Handle *self, void *context, void (WINAPI *closed)(void *))
{
    Session *session = self->object;
    EnterCriticalSection(&session->lock);
    session->closed = closed;
    session->context = context;
    if (session->open)
        InterlockedIncrement(&violations);
    while (!closed && session->open)
        SleepConditionVariableCS(&session->changed, &session->lock, INFINITE);
    LeaveCriticalSection(&session->lock);
    leave_session(session);
    return OK;
}

const void *const session_table[15] = {
    session_close, never_called, session_get_instance, never_called, never_called, never_called, session_invoke, never_called, session_query,
    never_called, never_called, session_subscribe, session_get_class, never_called, never_called,
};
