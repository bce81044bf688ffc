def attach_for_process() -> None:
    return None
