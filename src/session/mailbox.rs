//! Events from worker threads to the session: one bounded queue, with a typed sender for each part.

use std::sync::Arc;

use crossbeam_channel::{Receiver, TrySendError, bounded};

/// Capacity of the queue; half of it is reserved for events that must not be lost.
const CAPACITY: usize = 1024;

/// Whether an event may be dropped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Delivery {
    /// It must arrive.
    Certain,
    /// A newer event replaces it: dropped when the window lags behind.
    Latest,
}

/// Sender of the queue; wakes the window with every event.
pub(super) struct Mailbox<E> {
    deliver: Arc<dyn Fn(E, Delivery) + Send + Sync>,
}

impl<E> Clone for Mailbox<E> {
    fn clone(&self) -> Self {
        Self { deliver: Arc::clone(&self.deliver) }
    }
}

impl<E: Send + 'static> Mailbox<E> {
    /// Both ends of a queue.
    pub(super) fn new(wake: Arc<dyn Fn() + Send + Sync>) -> (Self, Receiver<E>) {
        let (sender, receiver) = bounded(CAPACITY);
        let deliver = move |event, delivery| {
            let is_gone = match delivery {
                Delivery::Certain => sender.send(event).is_err(),
                Delivery::Latest if sender.len() >= CAPACITY / 2 => false,
                Delivery::Latest => matches!(sender.try_send(event), Err(TrySendError::Disconnected(_))),
            };
            if is_gone {
                log::debug!("the window is gone");
            }
            wake();
        };
        (Self { deliver: Arc::new(deliver) }, receiver)
    }

    /// Sends an event that must arrive; blocks only if hundreds of them wait for the window.
    pub(super) fn send(&self, event: E) {
        (self.deliver)(event, Delivery::Certain);
    }

    /// Sends an event that a newer one will replace; dropped when the window lags behind.
    pub(super) fn send_latest(&self, event: E) {
        (self.deliver)(event, Delivery::Latest);
    }

    /// A sender to the same queue for events of type `F`, which `wrap` converts.
    pub(super) fn part<F: Send + 'static>(
        &self,
        wrap: impl Fn(F) -> E + Send + Sync + 'static,
    ) -> Mailbox<F> {
        let deliver = Arc::clone(&self.deliver);
        Mailbox { deliver: Arc::new(move |event, delivery| deliver(wrap(event), delivery)) }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn parts_share_the_queue_and_only_what_newer_news_replaces_is_dropped() {
        let woken = Arc::new(AtomicUsize::new(0));
        let wake = Arc::clone(&woken);
        let (mailbox, receiver) = Mailbox::new(Arc::new(move || {
            wake.fetch_add(1, Ordering::Relaxed);
        }));
        let part = mailbox.part(|number: u32| format!("number {number}"));
        (0..CAPACITY as u32).for_each(|number| part.send_latest(number));
        assert_eq!(receiver.len(), CAPACITY / 2);
        part.send(7);
        mailbox.send("own".to_owned());
        let news: Vec<String> = receiver.try_iter().collect();
        assert_eq!((news[0].as_str(), news.len()), ("number 0", CAPACITY / 2 + 2));
        assert_eq!(news[CAPACITY / 2..], ["number 7", "own"]);
        assert_eq!(woken.load(Ordering::Relaxed), CAPACITY + 2);
    }
}
