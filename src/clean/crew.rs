//! The threads of a run. They work on items in parallel, and no item can hold up the others for ever: one that takes too long
//! is given up, and another thread takes the place of the one that is still at it.
//!
//! A thread cannot be ended from outside, so one that never comes back stays until the program ends. What it was to do is
//! recorded as failed and everything else is done by then; see [`super::Event::Ended`].

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, Scope, scope};
use std::time::{Duration, Instant};

use crate::{Error, Result};

/// How often items are looked after, and so how exact a time limit is.
const LOOK: Duration = Duration::from_millis(50);

/// What one thread works on.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    task: Mutex<Option<Task>>,
}

#[derive(Debug)]
struct Task {
    item: usize,
    since: Instant,
    limit: Duration,
}

impl Desk {
    /// Allows so much time, all in all, for what is worked on now.
    pub(crate) fn allow(&self, limit: Duration) {
        if let Some(task) = self.task().as_mut() {
            task.limit = limit;
        }
    }

    /// False once the item was given up; nothing may be done for it any more.
    pub(crate) fn is_held(&self) -> bool {
        self.task().is_some()
    }

    fn take(&self, item: usize, limit: Duration) {
        *self.task() = Some(Task { item, since: Instant::now(), limit });
    }

    /// Ends the work on an item; false when it was given up meanwhile.
    fn leave(&self) -> bool {
        self.task().take().is_some()
    }

    /// Gives up an item whose time is over.
    fn give_up(&self) -> Option<usize> {
        let mut task = self.task();
        let late = task.as_ref().is_some_and(|task| task.since.elapsed() > task.limit);
        if late { task.take().map(|task| task.item) } else { None }
    }

    fn task(&self) -> MutexGuard<'_, Option<Task>> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Does an item at a desk. It must not panic.
type Work<'env, T> = &'env (dyn Fn(usize, &Desk) -> T + Sync);

/// Threads at work.
pub(crate) struct Crew<'scope, 'env, T> {
    scope: &'scope Scope<'scope, 'env>,
    work: Work<'env, T>,
    limit: Duration,
    tasks: Sender<usize>,
    queue: Arc<Mutex<Receiver<usize>>>,
    done: Sender<(usize, T)>,
    results: Receiver<(usize, T)>,
    ended: HashMap<usize, T>,
    over: Arc<AtomicBool>,
    desks: Vec<Arc<Desk>>,
    stuck: Arc<AtomicUsize>,
}

/// Has `lead` hand out items to `threads` threads, which do `work` on them, each for `limit` at most unless
/// the work itself allows more.
///
/// # Errors
/// [`Error::Usage`] when the threads cannot be started; what `lead` returns.
pub(crate) fn crew<T: Send + 'static, R>(
    threads: usize,
    limit: Duration,
    work: &(dyn Fn(usize, &Desk) -> T + Sync),
    lead: impl FnOnce(&mut Crew<'_, '_, T>) -> Result<R>,
) -> Result<R> {
    scope(|scope| {
        let (tasks, queue) = mpsc::channel();
        let (done, results) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        let (ended, over, desks, stuck) = (HashMap::new(), Arc::default(), Vec::new(), Arc::default());
        let mut crew = Crew { scope, work, limit, tasks, queue, done, results, ended, over, desks, stuck };
        for _ in 0..threads.max(1) {
            let desk = crew.hire()?;
            crew.desks.push(desk);
        }
        let result = lead(&mut crew);
        // What was begun and nobody waits for is not to be done.
        crew.over.store(true, Ordering::Relaxed);
        result
    })
}

impl<T: Send + 'static> Crew<'_, '_, T> {
    /// Hands out the items in `range`, to be worked on after those handed out before.
    pub(crate) fn begin(&self, range: Range<usize>) {
        for item in range {
            let _ = self.tasks.send(item);
        }
    }

    /// What came of the items in `range`, in order, once all of them are done; others that were begun go on meanwhile. One that
    /// takes too long becomes what `late` makes of it.
    ///
    /// # Errors
    /// [`Error::Usage`] when no thread can be started in the place of one that does not come back.
    pub(crate) fn finish(&mut self, range: Range<usize>, late: impl Fn(usize) -> T) -> Result<Vec<T>> {
        let mut left = range.clone().filter(|item| !self.ended.contains_key(item)).count();
        let mut looked = Instant::now();
        while left > 0 {
            if let Ok((item, result)) = self.results.recv_timeout(LOOK) {
                self.ended.insert(item, result);
                left -= usize::from(range.contains(&item));
            }
            if looked.elapsed() >= LOOK {
                looked = Instant::now();
                for item in self.look()? {
                    self.ended.insert(item, late(item));
                    left -= usize::from(range.contains(&item));
                }
            }
        }
        Ok(range.filter_map(|item| self.ended.remove(&item)).collect())
    }

    /// How many threads are still at work on items that were given up.
    pub(crate) fn stuck(&self) -> usize {
        self.stuck.load(Ordering::SeqCst)
    }

    /// Gives up items whose time is over, and puts threads in the place of those that work on them.
    fn look(&mut self) -> Result<Vec<usize>> {
        let mut late = Vec::new();
        for at in 0..self.desks.len() {
            // Counted before it can end, so that the count never falls below zero.
            self.stuck.fetch_add(1, Ordering::SeqCst);
            if let Some(item) = self.desks[at].give_up() {
                self.desks[at] = self.hire()?;
                late.push(item);
            } else {
                self.stuck.fetch_sub(1, Ordering::SeqCst);
            }
        }
        Ok(late)
    }

    fn hire(&self) -> Result<Arc<Desk>> {
        let desk = Arc::new(Desk::default());
        let (own, queue, done) = (Arc::clone(&desk), Arc::clone(&self.queue), self.done.clone());
        let (work, limit, stuck, over) = (self.work, self.limit, Arc::clone(&self.stuck), Arc::clone(&self.over));
        let toil = move || {
            if !toil(&queue, &over, &own, limit, work, &done) {
                stuck.fetch_sub(1, Ordering::SeqCst);
            }
        };
        let started = Builder::new().spawn_scoped(self.scope, toil);
        started.map_err(|e| Error::Usage(format!("cannot start a thread: {e}; use a smaller --jobs")))?;
        Ok(desk)
    }
}

/// What a thread does: one item after the other, until there are none. False when it ends because its item was given up.
fn toil<T>(
    queue: &Mutex<Receiver<usize>>,
    over: &AtomicBool,
    desk: &Desk,
    limit: Duration,
    work: Work<'_, T>,
    done: &Sender<(usize, T)>,
) -> bool {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(item) = next else { return true };
        if over.load(Ordering::Relaxed) {
            return true;
        }
        desk.take(item, limit);
        let result = work(item, desk);
        if !desk.leave() {
            return false;
        }
        let _ = done.send((item, result));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn items_are_done_once_and_come_back_in_order() {
        let work = |item: usize, _: &Desk| item * 2;
        let done = crew(3, Duration::from_mins(1), &work, |crew| {
            crew.begin(0..50);
            crew.begin(50..51);
            Ok([crew.finish(0..50, |_| 0)?, crew.finish(50..51, |_| 0)?, crew.finish(51..51, |_| 0)?].concat())
        });
        assert_eq!(done.unwrap(), (0..51).map(|item| item * 2).collect::<Vec<_>>());
    }

    #[test]
    fn an_item_without_end_holds_up_no_other() {
        let ended = AtomicBool::new(false);
        let work = |item: usize, desk: &Desk| {
            while item == 1 && !ended.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(1));
            }
            (item, desk.is_held())
        };
        let lead = |crew: &mut Crew<'_, '_, (usize, bool)>| {
            crew.begin(0..3);
            let first = crew.finish(0..3, |item| (item + 100, false))?;
            crew.begin(3..6);
            let done = [first, crew.finish(3..6, |item| (item + 100, false))?];
            assert_eq!(crew.stuck(), 1);
            ended.store(true, Ordering::Relaxed);
            Ok(done.concat())
        };
        let done = crew(1, Duration::from_millis(20), &work, lead).unwrap();
        assert_eq!(done, [(0, true), (101, false), (2, true), (3, true), (4, true), (5, true)]);
    }

    #[test]
    fn an_item_begun_early_may_end_early_or_late() {
        let work = |item: usize, _: &Desk| {
            std::thread::sleep(Duration::from_millis(if item == 3 { 200 } else { 1 }));
            item
        };
        let lead = |crew: &mut Crew<'_, '_, usize>| {
            crew.begin(0..2);
            crew.begin(2..5);
            std::thread::sleep(Duration::from_millis(100));
            Ok([crew.finish(0..2, |_| 9)?, crew.finish(2..5, |item| item + 100)?].concat())
        };
        assert_eq!(crew(1, Duration::from_millis(50), &work, lead).unwrap(), [0, 1, 2, 103, 4]);
    }

    #[test]
    fn what_nobody_waits_for_is_not_done() {
        let begun = AtomicUsize::new(0);
        let work = |_: usize, _: &Desk| {
            begun.fetch_add(1, Ordering::Relaxed);
            std::thread::sleep(Duration::from_millis(20));
        };
        let lead = |crew: &mut Crew<'_, '_, ()>| {
            crew.begin(0..1000);
            crew.finish(0..1, |_| ())
        };
        crew(2, Duration::from_mins(1), &work, lead).unwrap();
        assert!(begun.into_inner() < 500);
    }

    #[test]
    fn the_work_itself_can_allow_more_time() {
        let work = |_: usize, desk: &Desk| {
            desk.allow(Duration::from_mins(1));
            std::thread::sleep(3 * LOOK);
            desk.is_held()
        };
        let lead = |crew: &mut Crew<'_, '_, bool>| {
            crew.begin(0..1);
            crew.finish(0..1, |_| false)
        };
        assert_eq!(crew(1, Duration::ZERO, &work, lead).unwrap(), [true]);
    }
}
